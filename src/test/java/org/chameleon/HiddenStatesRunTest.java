package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More hidden states than the one that is read cost one pass and change nothing. */
class HiddenStatesRunTest {
  @TempDir Path folder;

  @Test
  void weightsOfOtherHiddenStatesAreThoseOfRunsThatReadThem() {
    TinyRun one = TinyRun.withCorpus(folder);
    one.to(folder.resolve("one")).run();
    TinyRun many = one.to(folder.resolve("many")).with("embedding.layers", "[0, middle, last]");
    many.run();
    JsonNode mixture = many.json("mixture.json");
    JsonNode alone = one.to(folder.resolve("one")).json("mixture.json");
    for (String key : new String[] {"domains", "affinity", "rankSwaps"}) {
      assertThat(mixture.get(key)).isEqualTo(alone.get(key));
    }
    assertThat(many.json("run.json").at("/stages/embed/reading").asText())
        .isEqualTo("hidden state 2, mean, beside [0, 4]");

    JsonNode settings = mixture.at("/sensitivity/settings");
    assertThat(settings).hasSize(9);
    int tried = 7;
    for (int layer : new int[] {0, 4}) {
      JsonNode setting = settings.get(tried++);
      assertThat(setting.get("key").asText()).isEqualTo("embedding.layer");
      assertThat(setting.get("value").asText()).isEqualTo(Integer.toString(layer));
      TinyRun own = one.to(folder.resolve("layer-" + layer)).with("embedding.layer", "" + layer);
      own.run();
      JsonNode theirs = own.json("mixture.json");
      assertThat(setting.get("effectiveDimension").asDouble())
          .isCloseTo(theirs.get("effectiveDimension").asDouble(), within(1e-9));
      double largest = 0;
      for (int i = 0; i < theirs.get("domains").size(); i++) {
        double change = weight(theirs, i) - weight(alone, i);
        largest = Math.max(largest, Math.abs(change));
      }
      assertThat(setting.get("largestChange").asDouble()).isCloseTo(largest, within(1e-9));
    }
  }

  private static double weight(JsonNode mixture, int domain) {
    return mixture.at("/domains/" + domain + "/weight").asDouble();
  }
}
