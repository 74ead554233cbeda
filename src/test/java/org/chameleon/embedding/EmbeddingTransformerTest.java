package org.chameleon.embedding;

import static org.apache.spark.sql.functions.rand;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.chameleon.Reference;
import org.chameleon.TestSpark;
import org.chameleon.config.Failures;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingTransformerTest {
  private static final StructType SCHEMA =
      StructType.fromDDL("name string, number int, tokens array<int>");

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 200, 8192})
  void itEmbedsAnyTableOnItsOwnWhateverTheBatch(int batchTokens) {
    JsonNode golden = Reference.json("gpt2.golden.json");
    Dataset<Row> embedded =
        new EmbeddingTransformer(proxy(), config("cpu", batchTokens))
            .setInputCol("tokens")
            .setOutputCol("vector")
            .transform(table());
    assertThat(embedded.columns()).containsExactly("name", "number", "tokens", "vector");
    for (Row row : embedded.collectAsList()) {
      double[] expected =
          Reference.matrix(golden.get("embeddings").get(row.getString(0)))[row.getInt(1)];
      List<Float> found = row.getList(3);
      for (int j = 0; j < expected.length; j++) {
        assertThat(Math.abs(found.get(j) - expected[j])).isLessThan(3e-5);
      }
    }
  }

  @Test
  void itIsAStageOfAPipeline() {
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new EmbeddingTransformer(proxy(), config("auto", 8192)).setInputCol("tokens")
                });
    Dataset<Row> embedded = pipeline.fit(table()).transform(table());
    assertThat(embedded.where("size(embedding) = 48").count()).isEqualTo(table().count());
  }

  @Test
  void aColumnThatIsMissingOrOfAnotherTypeIsRefused() {
    EmbeddingTransformer transformer = new EmbeddingTransformer(proxy(), config("cpu", 100));
    assertThatThrownBy(() -> transformer.transform(table()))
        .hasMessage(
            "Cannot embed: no column 'ids' in [name, number, tokens]. Set the input column.");
    assertThatThrownBy(() -> transformer.setInputCol("name").transform(table()))
        .hasMessage("Cannot embed column 'name': it is STRING, not array<int>.");
    assertThatThrownBy(
            () -> transformer.setInputCol("tokens").setOutputCol("name").transform(table()))
        .hasMessage("Cannot embed into column 'name': the table has one.");
  }

  @Test
  void aGpuThatIsAskedForAndMissingIsAnErrorNotTheProcessor() {
    assertThatThrownBy(
            () ->
                new EmbeddingTransformer(proxy(), config("gpu", 100))
                    .setInputCol("tokens")
                    .transform(table())
                    .collectAsList())
        .satisfies(
            e ->
                assertThat(Failures.message(e))
                    .startsWith("Cannot compute on a GPU: embedding.device is gpu"));
  }

  @Test
  void meansAreTheSameBitsForAnyPartitioningAndOrder() {
    Dataset<Row> samples =
        new EmbeddingTransformer(proxy(), config("cpu", 4096))
            .setInputCol("tokens")
            .transform(table())
            .selectExpr("name as domain", "number as window", "embedding")
            .cache();
    List<DomainEmbedding> expected =
        DomainEmbeddings.of(DomainStates.of(samples.coalesce(1), 7)).domains();
    JsonNode means = Reference.json("gpt2.golden.json").get("means");
    for (int partitions : new int[] {1, 3, 16}) {
      Dataset<Row> shuffled = samples.orderBy(rand(partitions)).repartition(partitions);
      // Twice the same rows: identical embeddings of a domain count once.
      List<DomainEmbedding> found =
          DomainEmbeddings.of(DomainStates.of(shuffled.unionAll(samples), 7)).domains();
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i).mean()).isEqualTo(expected.get(i).mean());
        assertThat(found.get(i).samples()).isEqualTo(24);
        assertThat(found.get(i).groups()).hasSameSizeAs(expected.get(i).groups());
        double[] reference = Reference.numbers(means.get(i));
        for (int j = 0; j < reference.length; j++) {
          assertThat(Math.abs(found.get(i).mean()[j] - reference[j])).isLessThan(3e-5);
        }
      }
    }
  }

  private static EmbeddingConfig config(String device, int batchTokens) {
    return new EmbeddingConfig(
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Precision.FLOAT32,
        device,
        1,
        0,
        batchTokens,
        Optional.empty());
  }

  private static Checkpoint proxy() {
    return Checkpoint.open(
        Reference.path("gpt2").toString(), TokenizerNeed.REQUIRED, new Configuration());
  }

  private static Dataset<Row> table() {
    List<Row> rows = new ArrayList<>();
    Reference.json("windows.json")
        .get("domains")
        .fields()
        .forEachRemaining(
            domain -> {
              List<int[]> windows = Reference.windows(domain.getValue());
              for (int i = 0; i < windows.size(); i++) {
                rows.add(RowFactory.create(domain.getKey(), i, windows.get(i)));
              }
            });
    return TestSpark.session().createDataFrame(rows, SCHEMA).repartition(2);
  }
}
