package org.chameleon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigReaderTest {
  enum Colour {
    RED,
    BLUE;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  record Inner(@Range(min = 1, max = 9) int windowTokens, double rate) {}

  record Outer(
      String name,
      Colour colour,
      List<String> paths,
      Map<String, List<String>> domains,
      Optional<Double> temperature,
      Inner inner) {
    Outer {
      if (name.equals("refused")) {
        throw new IllegalArgumentException("name is refused; take another.");
      }
    }
  }

  private static final String GOOD =
      """
      root {
        name = here
        colour = blue
        paths = "one"
        domains { "a.b" = x, c = [y, z] }
        temperature = none
        inner { window-tokens = 3, rate = 0.5 }
      }
      """;

  @Test
  void keysAreTheNamesOfRecordComponents() {
    Outer outer = read(GOOD);
    assertThat(outer.name()).isEqualTo("here");
    assertThat(outer.colour()).isEqualTo(Colour.BLUE);
    assertThat(outer.paths()).containsExactly("one");
    assertThat(outer.domains()).containsEntry("a.b", List.of("x"));
    assertThat(outer.domains()).containsEntry("c", List.of("y", "z"));
    assertThat(outer.temperature()).isEmpty();
    assertThat(outer.inner()).isEqualTo(new Inner(3, 0.5));
  }

  @Test
  void allProblemsAreReportedAtOnceWithTheirLines() {
    String bad =
        """
        root {
          name = here
          color = blue
          colour = green
          paths = [a]
          temperature = warm
          inner {
            window-tokens = 12
            rate = many
            windw-tokens = 3
          }
        }
        """;
    assertThatThrownBy(() -> read(bad))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("6 problems")
        .hasMessageContaining("test.conf: 3: color is not a known key. Did you mean 'colour'?")
        .hasMessageContaining("test.conf: 4: colour must be red or blue, is 'green'")
        .hasMessageContaining("test.conf: 6: temperature must be a number, is 'warm'")
        .hasMessageContaining(
            "test.conf: 8: inner.window-tokens must be at least 1 and at most 9, is 12")
        .hasMessageContaining("test.conf: 9: inner.rate must be a number, is 'many'")
        .hasMessageContaining(
            "test.conf: 10: inner.windw-tokens is not a known key. Did you mean 'window-tokens'?");
  }

  @Test
  void aKeyFarFromAnyIsToldTheKnownOnes() {
    assertThatThrownBy(() -> read(GOOD.replace("name = here", "name = here, zzz = 1")))
        .hasMessageContaining(
            "zzz is not a known key. Known here: colour, domains, inner, name, paths, temperature.");
  }

  @Test
  void aMissingKeyIsNamed() {
    assertThatThrownBy(() -> read(GOOD.replace("colour = blue", "")))
        .hasMessageContaining("colour is required and not set");
  }

  @Test
  void aWholeNumberMustBeWhole() {
    assertThatThrownBy(() -> read(GOOD.replace("window-tokens = 3", "window-tokens = 3.5")))
        .hasMessageContaining("inner.window-tokens must be a whole number, is '3.5'");
  }

  @Test
  void whatARecordRefusesIsAProblemToo() {
    assertThatThrownBy(() -> read(GOOD.replace("name = here", "name = refused")))
        .hasMessageContaining("name is refused; take another.");
  }

  @Test
  void keysBesideTheRootAreRefused() {
    assertThatThrownBy(() -> read(GOOD + "rot { }"))
        .hasMessageContaining("rot is not a known key. Did you mean 'root'?");
  }

  private static Outer read(String text) {
    ConfigParseOptions named = ConfigParseOptions.defaults().setOriginDescription("test.conf");
    return ConfigReader.read(ConfigFactory.parseString(text, named), "root", Outer.class);
  }
}
