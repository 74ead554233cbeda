package org.chameleon.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.chameleon.storage.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsFileTest {
  private static final List<String> DOMAINS = List.of("code", "news");

  @Test
  void weightsAreScaledToSumOne() {
    assertThat(read("{\"code\": 3, \"news\": 1}")).isEqualTo(Map.of("code", 0.75, "news", 0.25));
    assertThat(read("{\"code\": 0, \"news\": 0.2}")).isEqualTo(Map.of("code", 0.0, "news", 1.0));
  }

  @Test
  void aMixtureOrPlanOfThisToolIsReadToo() {
    assertThat(
            read(
                "{\"domains\": [{\"name\": \"code\", \"weight\": 0.5, \"tokens\": 7}, {\"name\": \"news\", \"weight\": 0.5}]}"))
        .isEqualTo(Map.of("code", 0.5, "news", 0.5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'code': 1} | 'news' is missing",
        "{'code': 1, 'news': 1, 'poems': 1} | 'poems' is no domain of the run",
        "{'code': -1, 'news': 1} | 'code' has the weight -1",
        "{'code': '1', 'news': 1} | 'code' has the weight \\\"1\\\"",
        "{'code': null, 'news': 1} | 'code' has the weight null",
        "{'code': 0, 'news': 0} | all weights are 0",
        "{'domains': [{'name': 'code', 'weight': 1}, {'name': 'code', 'weight': 1}, {'name': 'news', 'weight': 1}]} | 'code' stands there twice",
      },
      quoteCharacter = '~')
  void whatIsNoMixtureIsRefusedByName(String json, String problem) {
    assertThatThrownBy(() -> read(json.replace('\'', '"')))
        .hasMessage(
            "Cannot try the weights of w.json: %s. Give every domain of the run a weight of 0 or more."
                .formatted(problem.replace("\\\"", "\"")));
  }

  private static Map<String, Double> read(String json) {
    return WeightsFile.read(
        Json.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class, "w.json"),
        "w.json",
        DOMAINS);
  }
}
