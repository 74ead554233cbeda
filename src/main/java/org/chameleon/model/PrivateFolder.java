package org.chameleon.model;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.chameleon.config.InvalidInputException;

/**
 * Where native code is unpacked and fetched weights are kept: a folder that nobody else can write
 * to, since what lies there is loaded into this process.
 *
 * <ol>
 *   <li>What {@code ENGINE_CACHE_DIR} or {@code DJL_CACHE_DIR} says, as environment variable or
 *       system property.
 *   <li>In a container of YARN or Kubernetes, below its own folder ({@code LOCAL_DIRS}, {@code
 *       SPARK_LOCAL_DIRS}), which goes when the application does.
 *   <li>{@code .cache/chameleon} in the user's home, if that is on this machine's own disk.
 *   <li>{@code chameleon-USER} in the folder for temporary files.
 * </ol>
 *
 * It is made with mode 700, and refused if it is another's, a link, or others may write to it.
 */
final class PrivateFolder {
  private static final String ENGINE_SETTING = "ENGINE_CACHE_DIR";
  private static final String SETTING = "DJL_CACHE_DIR";
  private static final String NAME = "chameleon";
  private static final String UNPACK = "unpack native libraries into";
  private static final String KEEP = "keep weights in";
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      PosixFilePermissions.fromString("----w--w-");

  private PrivateFolder() {}

  /**
   * Decides on the folder of native code, makes it where it is missing, checks it, and lets DJL
   * know.
   *
   * @throws InvalidInputException if somebody else could write to it
   */
  static Path ofNativeCode() {
    Path folder = of(System.getenv(), System.getProperties());
    own(folder, UNPACK);
    propertyToSet(System.getenv()).ifPresent(name -> System.setProperty(name, folder.toString()));
    return folder;
  }

  /**
   * Returns the system property that DJL finds the folder by; none where the environment names it.
   * A property counts only where there is no variable, and an empty one is one.
   *
   * @throws InvalidInputException if empty variables leave no way to name it
   */
  static Optional<String> propertyToSet(Map<String, String> environment) {
    List<String> names = List.of(ENGINE_SETTING, SETTING);
    if (names.stream().anyMatch(name -> !environment.getOrDefault(name, "").isEmpty())) {
      return Optional.empty();
    }
    for (String name : names) {
      if (!environment.containsKey(name)) {
        return Optional.of(name);
      }
    }
    throw new InvalidInputException(
        "Cannot unpack native libraries: %s and %s are empty in the environment. Unset one, or let it name a folder of this user's own."
            .formatted(ENGINE_SETTING, SETTING));
  }

  /**
   * Decides on the folder of fetched weights, {@code weights} in that of native code. Both are made
   * where they are missing, and nobody else can read in it.
   *
   * @throws InvalidInputException if somebody else could write to one of them
   */
  static Path ofWeights() {
    Path folder = of(System.getenv(), System.getProperties());
    own(folder, KEEP);
    return closed(folder.resolve("weights"));
  }

  /** As {@link #own}, of weights, and lets nobody else read in it. */
  static Path closed(Path folder) {
    own(folder, KEEP);
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw refused(KEEP, folder, "its mode cannot be set (%s)".formatted(reason(e)));
    }
    return folder;
  }

  /** Returns the folder for an environment and system properties. */
  static Path of(Map<String, String> environment, Properties properties) {
    Function<String, String> given =
        name ->
            environment.getOrDefault(name, "").isEmpty()
                ? properties.getProperty(name, "")
                : environment.get(name);
    String set =
        Stream.of(ENGINE_SETTING, SETTING)
            .map(given)
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("");
    if (!set.isEmpty()) {
      return Path.of(set);
    }
    if (environment.containsKey("CONTAINER_ID")) {
      String local = environment.getOrDefault("LOCAL_DIRS", properties.getProperty("user.dir"));
      return Path.of(first(local), NAME);
    }
    if (environment.containsKey("KUBERNETES_SERVICE_HOST")
        && environment.containsKey("SPARK_LOCAL_DIRS")) {
      return Path.of(first(environment.get("SPARK_LOCAL_DIRS")), NAME);
    }
    Path home = Path.of(properties.getProperty("user.home", ""));
    return home.isAbsolute() && Files.isWritable(home) && isOnThisMachine(home)
        ? home.resolve(".cache").resolve("chameleon")
        : Path.of(
            properties.getProperty("java.io.tmpdir"),
            "chameleon-" + properties.getProperty("user.name", "user"));
  }

  private static String first(String folders) {
    return folders.split(",", 2)[0];
  }

  /** Unpacking by several processes at once is safe on one machine, not over a network. */
  private static boolean isOnThisMachine(Path home) {
    try {
      FileStore store = Files.getFileStore(home);
      return !store
          .type()
          .toLowerCase(Locale.ROOT)
          .matches("nfs.*|cifs|smb.*|afs|9p|ceph|lustre|gpfs|beegfs.*|fuse\\..*|glusterfs");
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Makes a folder that only this user can use, or checks that an existing one is.
   *
   * @param use what for, as messages say it
   */
  static void own(Path folder, String use) {
    try {
      if (folder.toAbsolutePath().getParent() != null) {
        Files.createDirectories(folder.toAbsolutePath().getParent());
      }
      try {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } catch (FileAlreadyExistsException e) {
        requireOwn(folder, use);
      }
    } catch (IOException e) {
      throw refused(use, folder, "it cannot be made or looked at (%s)".formatted(reason(e)));
    }
  }

  private static void requireOwn(Path folder, String use) throws IOException {
    if (Files.isSymbolicLink(folder)) {
      throw refused(use, folder, "it is a link");
    }
    if (!Files.isDirectory(folder)) {
      throw refused(use, folder, "it is not a folder");
    }
    Set<PosixFilePermission> modes =
        Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
    String owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
    String user = user();
    if (!owner.equals(user)) {
      throw refused(use, folder, "it belongs to %s, not to %s".formatted(owner, user));
    }
    if (modes.stream().anyMatch(OTHERS_WRITE::contains)) {
      throw refused(
          use,
          folder,
          "others may write to it (%s)".formatted(PosixFilePermissions.toString(modes)));
    }
  }

  /** The owner of what this process makes. */
  private static String user() throws IOException {
    Path made = Files.createTempFile("chameleon-", "");
    try {
      return Files.getOwner(made).getName();
    } finally {
      Files.delete(made);
    }
  }

  private static String reason(IOException e) {
    String name = e.getClass().getSimpleName().replaceAll("Exception$", "");
    return name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
  }

  private static InvalidInputException refused(String use, Path folder, String why) {
    return new InvalidInputException(
        ("Cannot %s %s: %s. Remove it, or set %s to a folder of this user" + " alone (mode 700).")
            .formatted(use, folder, why, SETTING));
  }
}
