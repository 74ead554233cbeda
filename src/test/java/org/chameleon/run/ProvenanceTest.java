package org.chameleon.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.chameleon.config.Build;
import org.chameleon.storage.Json;
import org.junit.jupiter.api.Test;

/** What a run's record says before anything is done. */
class ProvenanceTest {
  private static final JsonNode CONFIGURATION =
      Json.configuration(Map.of("corpus", Map.of("path", List.of("s3a://key:secret@bucket/a"))));

  private final RunRecord record =
      Provenance.of(CONFIGURATION, "submission-7", "3.5.7", List.of(Stage.EMBED, Stage.MIX));

  @Test
  void theToolAndAllBelowItAreNamed() {
    assertThat(record.tool()).isEqualTo("chameleon");
    assertThat(record.version()).isEqualTo(Build.current().version());
    assertThat(record.commit()).isEqualTo(Build.current().commit());
    assertThat(record.runId()).isEqualTo("submission-7");
    assertThat(record.versions())
        .containsOnlyKeys("djl", "java", "pytorch", "spark")
        .containsEntry("spark", "3.5.7")
        .containsEntry("java", System.getProperty("java.version"));
    assertThat(record.versions().get("djl")).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(record.versions().get("pytorch")).matches("\\d+\\.\\d+\\.\\d+");
  }

  @Test
  void stagesThatAreNeededAreNamedAndNoneIsDone() {
    assertThat(record.needs()).containsExactly("embed", "mix");
    assertThat(record.needs(Stage.MIX)).isTrue();
    assertThat(record.needs(Stage.SAMPLE)).isFalse();
    assertThat(record.stages()).isEmpty();
  }

  @Test
  void theConfigurationIsRecordedWithoutSecrets() {
    assertThat(record.configuration())
        .hasToString("{\"corpus\":{\"path\":[\"s3a://***@bucket/a\"]}}");
    assertThat(CONFIGURATION.toString()).contains("secret");
  }

  @Test
  void theRecordIsReadAsItWasWritten() {
    byte[] text = Json.text(record).getBytes(StandardCharsets.UTF_8);
    assertThat(Json.read(text, RunRecord.class, "run.json")).isEqualTo(record);
  }
}
