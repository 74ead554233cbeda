package org.chameleon.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.config.InvalidInputException;
import org.chameleon.storage.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder's {@code latest.json} names. */
class PublicationTest {
  @TempDir private Path folder;

  @Test
  void whatIsPublishedIsReadAndNothingIsNoFailure() throws IOException {
    assertThat(Publication.in(folder.toString(), new Configuration())).isEmpty();
    Publication published = write("abfss://corpora@account/run");
    assertThat(Publication.in(folder.toString(), new Configuration())).contains(published);
  }

  @Test
  void aRunWhoseAddressHasLostItsSecretsIsNotOpened() throws IOException {
    write("s3a://***@bucket/run");
    assertThatThrownBy(() -> Publication.in(folder.toString(), new Configuration()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot open the run that file:%s/latest.json names, s3a://***@bucket/run: the secrets of its address are not written down. Name the run itself.",
            folder);
  }

  private Publication write(String run) throws IOException {
    Publication publication = new Publication(run, run + "/plan/manifest.json", "0".repeat(64));
    Files.writeString(folder.resolve("latest.json"), Json.text(publication));
    return publication;
  }
}
