package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.chameleon.evaluation.Candidate;
import org.chameleon.evaluation.Evaluations;
import org.chameleon.evaluation.Findings;
import org.chameleon.run.Artifact;
import org.chameleon.run.Counts;
import org.chameleon.run.Provenance;
import org.chameleon.run.Publication;
import org.chameleon.run.Publication.EvidenceNeed;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.run.StageRunner;
import org.chameleon.stages.Planning;
import org.chameleon.storage.Existing;
import org.chameleon.storage.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run makes of evidence for or against its mixture. */
class EvaluatedRunTest {
  private static final List<String> DOMAINS = List.of("art", "law", "sea");

  @TempDir private Path folder;
  private TinyRun run;

  @BeforeEach
  void embeddings() {
    Random random = new Random(3);
    List<Row> rows = new ArrayList<>();
    for (String domain : DOMAINS) {
      for (int i = 0; i < 5; i++) {
        double[] embedding = random.doubles(3).toArray();
        rows.add(RowFactory.create(domain, embedding));
      }
    }
    TestSpark.session()
        .createDataFrame(rows, StructType.fromDDL("domain string, embedding array<double>"))
        .coalesce(1)
        .write()
        .parquet(folder + "/embeddings");
    run =
        TinyRun.into(folder.resolve("run"))
            .with("embedding.from", folder + "/embeddings")
            .with("plan.tokens", "60000")
            .with("plan.exports", "[]");
  }

  @Test
  void aMixtureThatWasNotEvaluatedIsPlannedWithAWarningAndNotPublishedAsEvident() {
    run.run();
    JsonNode manifest = run.json("plan/manifest.json");
    assertThat(manifest.get("evidence").isNull()).isTrue();
    assertThat(manifest.get("warnings").findValuesAsText("code")).containsExactly("NOT_EVALUATED");
    assertThat(run.file("report.html")).content().contains("Evidence: not evaluated.");
    assertThatThrownBy(() -> publish(EvidenceNeed.REQUIRED))
        .hasMessage(
            "Cannot publish %s: its mixture has not been evaluated. Run chameleon evaluate --run %s, or publish without --require-evidence."
                .formatted(run.directory(), run.directory()));
    assertThat(folder.resolve("latest.json")).doesNotExist();
    publish(EvidenceNeed.OPTIONAL);
    assertThat(folder.resolve("latest.json")).exists();
  }

  @Test
  void whatSpeaksAgainstAMixtureIsInItsManifestAndOnItsPage() throws IOException {
    run.run();
    evaluate(run, .03);
    JsonNode manifest = run.json("plan/manifest.json");
    assertThat(manifest.at("/evidence/mixture").asText()).isEqualTo("computed");
    assertThat(manifest.at("/evidence/verdict").asText()).isEqualTo("worse");
    assertThat(manifest.at("/evidence/against").asText()).isEqualTo("proportional");
    assertThat(manifest.at("/evidence/recommended").asText()).isEqualTo("proportional");
    assertThat(manifest.get("warnings").findValuesAsText("code"))
        .containsExactly("SHOWN_TO_BE_WORSE");
    assertThat(Files.readString(run.file("report.html")))
        .contains("<b>computed</b> was shown to be worse than proportional", "<h2>Evidence</h2>");
    assertThatThrownBy(() -> publish(EvidenceNeed.REQUIRED))
        .hasMessageStartingWith(
            "Cannot publish " + run.directory() + ": its mixture, computed, was")
        .hasMessageContaining("shown to be worse than proportional (+0.0300 bits per byte")
        .hasMessageEndingWith(
            "Run it again with --resume and plan.from = recommended, which plans proportional, or publish without --require-evidence.");
    assertThat(folder.resolve("latest.json")).doesNotExist();
    assertThat(run.problems()).isEmpty();
  }

  @Test
  void theRecommendedMixtureIsPlannedAndPublished() {
    run.run();
    Findings found = evaluate(run, .03);
    evaluate(run.with("plan.from", "recommended"), found);
    JsonNode manifest = run.json("plan/manifest.json");
    for (JsonNode domain : manifest.get("domains")) {
      double weight = found.recommendation().weights().get(domain.get("name").asText());
      assertThat(domain.get("weight").asDouble()).isCloseTo(weight, within(1e-14));
    }
    assertThat(manifest.at("/domains/0/changes/0/cause").asText()).isEqualTo("recommended");
    assertThat(manifest.at("/evidence/mixture").asText()).isEqualTo("proportional");
    assertThat(manifest.at("/evidence/against").asText()).isEqualTo("uniform");
    assertThat(manifest.get("warnings")).isEmpty();
    publish(EvidenceNeed.REQUIRED);
    assertThat(folder.resolve("latest.json")).exists();
  }

  @Test
  void aBetterMixtureIsPublished() {
    run.run();
    evaluate(run, -.03);
    assertThat(run.json("plan/manifest.json").at("/evidence/verdict").asText()).isEqualTo("better");
    publish(EvidenceNeed.REQUIRED);
    assertThat(folder.resolve("latest.json")).exists();
  }

  @Test
  void otherFindingsPlanAnewAndTheSameDoNot() {
    run.run();
    Findings found = evaluate(run, .03);
    assertThat(run.statuses()).containsEntry("plan", "done").containsEntry("report", "done");
    evaluate(run, found);
    assertThat(run.statuses()).containsEntry("plan", "reused").containsEntry("report", "reused");
    evaluate(run, .04);
    assertThat(run.statuses()).containsEntry("plan", "done").containsEntry("report", "done");
  }

  @Test
  void aPlanThatIsNoLongerTheEvaluatedOneHasNoEvidence() {
    run.run();
    Findings found = evaluate(run, .03);
    TinyRun moved = run.with("plan.domains", "{ art = { ceiling = 0.1 } }");
    evaluate(moved, found);
    assertThat(moved.json("plan/manifest.json").get("evidence").isNull()).isTrue();
    assertThat(moved.json("plan/manifest.json").get("warnings").findValuesAsText("code"))
        .containsExactly("BOUNDED", "NOT_EVALUATED");
  }

  @Test
  void aRunThatWasNeverEvaluatedCannotPlanWhatIsRecommended() {
    TinyRun recommended = run.with("plan.from", "recommended");
    String refusal =
        "Cannot plan the recommended mixture: the run's mixture has not been evaluated. Run with plan.from = computed, then chameleon evaluate --run %s, then this again with --resume."
            .formatted(run.directory());
    assertThatThrownBy(recommended::run).hasMessage(refusal);
    assertThat(run.statuses()).containsExactly(Map.entry("plan", "failed"));
    recommended.run(Existing.RESUME, Stage.MIX);
    assertThat(run.statuses()).containsEntry("mix", "done");
    run.resume();
    assertThatThrownBy(recommended::resume).hasMessage(refusal);
    evaluate(run, .03);
    assertThatThrownBy(() -> recommended.run(Existing.OVERWRITE, Stage.REPORT)).hasMessage(refusal);
    assertThat(run.file("mixture.json")).exists();
  }

  @Test
  void aFileOfSomebodyElseIsNotPublishedOver() throws IOException {
    run.run();
    Path latest = folder.resolve("latest.json");
    for (String other : List.of("{\"version\": 3}", "{\"run\": \"a\"}", "[]", "mine", "")) {
      Files.writeString(latest, other);
      assertThatThrownBy(() -> publish(EvidenceNeed.OPTIONAL))
          .as(other)
          .hasMessage(
              "Cannot publish in file:%s: its latest.json is of something else. Publish into another folder, or move it away.",
              folder);
      assertThat(latest).hasContent(other);
    }
    Files.delete(latest);
    Publication first = publish(EvidenceNeed.OPTIONAL);
    assertThat(publish(EvidenceNeed.OPTIONAL)).isEqualTo(first);
    assertThat(Publication.in(folder.toString(), new Configuration())).contains(first);
  }

  private Publication publish(EvidenceNeed need) {
    return Publication.publish(run.directory(), need, folder.toString(), new Configuration());
  }

  /** Goes on with a run as if it had been evaluated; a baseline or the planned mixture wins. */
  private static Findings evaluate(TinyRun run, double difference) {
    Map<String, Double> planned = new TreeMap<>();
    for (JsonNode domain : run.json("plan/manifest.json").get("domains")) {
      planned.put(domain.get("name").asText(), domain.get("weight").asDouble());
    }
    Findings found =
        Evaluations.of(DOMAINS).with(Candidate.COMPUTED, difference, planned).findings();
    evaluate(run, found);
    return found;
  }

  private static void evaluate(TinyRun run, Findings found) {
    RunConfig config = run.config();
    try (RunDirectory directory =
        RunDirectory.prepare(
            config.output(), Existing.RESUME, config.inputs(), new Configuration())) {
      StageRunner stages =
          StageRunner.goingOn(
              directory,
              TestSpark.session().sparkContext(),
              Stage.REPORT,
              Provenance.of(Json.configuration(config), "test", "3", config.stages()));
      stages.run(
          Stage.EVALUATE,
          List.of(found),
          output -> {
            output.json(Artifact.RESULTS, found.results());
            output.json(Artifact.RECOMMENDATION, found.recommendation());
            return Counts.NONE;
          });
      new Planning(TestSpark.session(), config, directory).run(stages, null);
    }
  }
}
