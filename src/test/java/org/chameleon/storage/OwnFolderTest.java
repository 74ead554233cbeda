package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose a folder is, by what lies in it. */
class OwnFolderTest {
  private static final FolderContent CONTENT =
      new FolderContent(
          folder -> "a run",
          folder -> folder.has("run.json"),
          folder -> List.of(),
          folder -> Optional.of("exists"),
          "--overwrite to start over");

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void aFolderThatHoldsSomebodyElsesStagingIsNotOurs(Existing existing) throws IOException {
    Path theirs = Files.createDirectories(folder.resolve("out/.staging-2024"));
    Files.writeString(theirs.resolve("thesis.txt"), "mine");
    assertThatThrownBy(() -> take(existing))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot write to file:%s/out: it exists and is not a run: it holds other files (.staging-2024). Give another --output.",
            folder);
    assertThat(theirs.resolve("thesis.txt")).hasContent("mine");
    assertThat(folder.resolve("out").toFile().list()).containsExactly(".staging-2024");
  }

  @Test
  void somebodyElsesStagingBesideOurRecordSurvives() throws IOException {
    Files.createDirectories(folder.resolve("out/.staging-2024"));
    Files.writeString(folder.resolve("out/.staging-2024/thesis.txt"), "mine");
    Files.writeString(folder.resolve("out/run.json"), "{}");
    take(Existing.OVERWRITE).close();
    assertThat(folder.resolve("out/.staging-2024/thesis.txt")).hasContent("mine");
  }

  @Test
  void draftsOfWhoWasCutOffAreDeleted() {
    try (OwnFolder cutOff = take(Existing.REFUSE)) {
      cutOff.folder().write(cutOff.drafts() + "/sample/windows", "half");
      cutOff.folder().write(cutOff.drafts() + "-run.json", "{");
    }
    assertThat(folder.resolve("out").toFile().list())
        .hasSize(2)
        .allMatch(name -> name.startsWith(".staging-"));
    try (OwnFolder own = take(Existing.REFUSE)) {
      assertThat(own.folder().names()).containsExactly(FolderLock.FOLDER);
    }
  }

  private OwnFolder take(Existing existing) {
    Folder out = Folder.at(folder.resolve("out").toString(), new Configuration());
    return OwnFolder.take(out, CONTENT, existing, InputPaths.NONE);
  }
}
