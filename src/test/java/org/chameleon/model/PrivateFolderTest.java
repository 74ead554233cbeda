package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateFolderTest {
  @TempDir private Path folder;
  private final Properties properties = new Properties();

  @BeforeEach
  void aUser() {
    properties.setProperty("user.home", folder.toString());
    properties.setProperty("user.name", "ada");
    properties.setProperty("user.dir", "/container/here");
    properties.setProperty("java.io.tmpdir", "/tmp");
  }

  @Test
  void whatIsSetWins() {
    properties.setProperty("DJL_CACHE_DIR", "/property");
    assertThat(of(Map.of())).isEqualTo(Path.of("/property"));
    assertThat(of(Map.of("DJL_CACHE_DIR", "/variable", "CONTAINER_ID", "c1")))
        .isEqualTo(Path.of("/variable"));
    assertThat(of(Map.of("DJL_CACHE_DIR", "/variable", "ENGINE_CACHE_DIR", "/engine")))
        .isEqualTo(Path.of("/engine"));
  }

  @Test
  void anEmptyVariableSetsNothing() {
    assertThat(of(Map.of("DJL_CACHE_DIR", ""))).isEqualTo(folder.resolve(".cache/chameleon"));
    assertThat(of(Map.of("ENGINE_CACHE_DIR", "", "DJL_CACHE_DIR", "/variable")))
        .isEqualTo(Path.of("/variable"));
    properties.setProperty("DJL_CACHE_DIR", "/property");
    assertThat(of(Map.of("DJL_CACHE_DIR", "", "ENGINE_CACHE_DIR", "")))
        .isEqualTo(Path.of("/property"));
  }

  @Test
  void theFolderIsNamedByAPropertyThatNoVariableHides() {
    assertThat(PrivateFolder.propertyToSet(Map.of())).contains("ENGINE_CACHE_DIR");
    assertThat(PrivateFolder.propertyToSet(Map.of("DJL_CACHE_DIR", "")))
        .contains("ENGINE_CACHE_DIR");
    assertThat(PrivateFolder.propertyToSet(Map.of("ENGINE_CACHE_DIR", "")))
        .contains("DJL_CACHE_DIR");
    assertThat(PrivateFolder.propertyToSet(Map.of("ENGINE_CACHE_DIR", "/engine"))).isEmpty();
    assertThatThrownBy(
            () -> PrivateFolder.propertyToSet(Map.of("ENGINE_CACHE_DIR", "", "DJL_CACHE_DIR", "")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot unpack native libraries: ENGINE_CACHE_DIR and DJL_CACHE_DIR are empty in the environment. Unset one, or let it name a folder of this user's own.");
  }

  @Test
  void djlFindsTheFolderWhateverIsSet() {
    for (Map<String, String> environment :
        List.of(
            Map.<String, String>of(),
            Map.of("DJL_CACHE_DIR", ""),
            Map.of("ENGINE_CACHE_DIR", ""),
            Map.of("DJL_CACHE_DIR", "/variable"),
            Map.of("ENGINE_CACHE_DIR", "/engine"),
            Map.of("ENGINE_CACHE_DIR", "", "DJL_CACHE_DIR", "/variable"),
            Map.of("ENGINE_CACHE_DIR", "/engine", "DJL_CACHE_DIR", ""),
            Map.of("ENGINE_CACHE_DIR", "/engine", "DJL_CACHE_DIR", "/variable"))) {
      assertThat(foundByDjl(environment)).as("%s", environment).isEqualTo(of(environment));
    }
  }

  /** DJL takes a property where there is no variable, and the engine's folder if it is named. */
  private Path foundByDjl(Map<String, String> environment) {
    Properties set = new Properties();
    PrivateFolder.propertyToSet(environment)
        .ifPresent(name -> set.setProperty(name, of(environment).toString()));
    String engine =
        environment.getOrDefault("ENGINE_CACHE_DIR", set.getProperty("ENGINE_CACHE_DIR", ""));
    return Path.of(
        engine.isEmpty()
            ? environment.getOrDefault("DJL_CACHE_DIR", set.getProperty("DJL_CACHE_DIR", ""))
            : engine);
  }

  @Test
  void aContainerUsesItsOwnFolder() {
    assertThat(of(Map.of("CONTAINER_ID", "c1", "LOCAL_DIRS", "/d1/app,/d2/app")))
        .isEqualTo(Path.of("/d1/app/chameleon"));
    assertThat(of(Map.of("CONTAINER_ID", "c1"))).isEqualTo(Path.of("/container/here/chameleon"));
    assertThat(of(Map.of("KUBERNETES_SERVICE_HOST", "h", "SPARK_LOCAL_DIRS", "/var/data/spark-1")))
        .isEqualTo(Path.of("/var/data/spark-1/chameleon"));
  }

  @Test
  void elsewhereItIsTheUsersOwn() {
    assertThat(of(Map.of("SPARK_LOCAL_DIRS", "/tmp")))
        .isEqualTo(folder.resolve(".cache/chameleon"));
    properties.setProperty("user.home", folder + "/none");
    assertThat(of(Map.of())).isEqualTo(Path.of("/tmp/chameleon-ada"));
    properties.setProperty("user.home", "?");
    assertThat(of(Map.of())).isEqualTo(Path.of("/tmp/chameleon-ada"));
  }

  @Test
  void itIsMadeForThisUserAlone() throws IOException {
    Path made = folder.resolve("a/b");
    PrivateFolder.own(made, "keep weights in");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    PrivateFolder.own(made, "keep weights in");
  }

  @Test
  void weightsAreForThisUsersEyesAlone() throws IOException {
    Path made = Files.createDirectory(folder.resolve("weights"));
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
    PrivateFolder.closed(made);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    Path link = Files.createSymbolicLink(folder.resolve("to-weights"), made);
    assertThatThrownBy(() -> PrivateFolder.closed(link))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot keep weights in %s: it is a link. Remove it, or set DJL_CACHE_DIR to a folder of this user alone (mode 700).",
            link);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwxr-x", "rwxr-xrwx", "rwxrwxrwx", "rwx-w----"})
  void oneThatOthersMayWriteToIsRefused(String modes) throws IOException {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString(modes));
    assertRefused(shared, "others may write to it (" + modes + ")");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwx------", "rwxr-x---", "rwxr-xr-x"})
  void oneThatOthersMayAtMostReadIsUsed(String modes) throws IOException {
    Path own = Files.createDirectory(folder.resolve("own"));
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString(modes));
    PrivateFolder.own(own, "keep weights in");
  }

  @Test
  void aLinkOrAFileIsRefused() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    assertRefused(Files.createSymbolicLink(folder.resolve("link"), real), "it is a link");
    assertRefused(
        Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("x")), "it is a link");
    assertRefused(Files.createFile(folder.resolve("file")), "it is not a folder");
    assertRefused(folder.resolve("file/below"), "it cannot be made or looked at (");
  }

  @Test
  void anothersIsRefused() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rwx------"));
    // Only root can give a folder away.
    assumeThat(Files.getOwner(other).getName()).isEqualTo("root");
    Files.setOwner(
        other,
        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    assertRefused(other, "it belongs to nobody, not to root");
  }

  private Path of(Map<String, String> environment) {
    return PrivateFolder.of(environment, properties);
  }

  private static void assertRefused(Path refused, String why) {
    assertThatThrownBy(() -> PrivateFolder.own(refused, "unpack native libraries into"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot unpack native libraries into " + refused + ": " + why)
        .hasMessageContaining("set DJL_CACHE_DIR to a folder of this user alone (mode 700).");
  }
}
