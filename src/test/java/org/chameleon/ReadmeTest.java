package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.chameleon.run.Artifact;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The READMEs can be read, and name what is there. */
class ReadmeTest {
  private static final String README = "README.md";
  private static final String OPERATORS = "submit/README.md";
  private static final String HOUSE = "src/main/java/org/chameleon/README.md";
  private static final String EXPORTS = "src/main/java/org/chameleon/export/README.md";
  private static final String EVALUATION = "src/main/java/org/chameleon/evaluation/README.md";
  private static final Path JAVA = Path.of("src/main/java/org/chameleon");

  private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)[^)]*\\)");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** A file by its place in the project. */
  private static final Pattern PATH =
      Pattern.compile("(src|conf|submit|notebooks|\\.ci)/[\\w./-]*|pom\\.xml|LICENSE");

  /** A file by its name alone, or by the end of its path. */
  private static final Pattern NAME =
      Pattern.compile("[\\w-][\\w./-]*\\.(conf|sh|torchscript|ipynb|java|py)");

  /** A class by its package. */
  private static final Pattern CLASS = Pattern.compile("[a-z]+/[A-Z]\\w+");

  /** What a README leaves to its reader. */
  private static final Pattern PLACEHOLDER = Pattern.compile("NAME|MODEL_TYPE");

  /** A program of ours with its arguments, and with settings before it. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?:[A-Z_]+=\\S+ +)*((?:submit|src/test/interop)/(?:\\S+(?= )|\\S+\\.sh$)).*");

  @Test
  void itIsShort() throws IOException {
    assertThat(lines(README)).hasSizeLessThanOrEqualTo(250);
  }

  @ParameterizedTest
  @ValueSource(strings = {README, OPERATORS, HOUSE, EXPORTS, EVALUATION})
  void linesFitOnAScreen(String readme) throws IOException {
    assertThat(lines(readme)).allMatch(line -> line.codePointCount(0, line.length()) <= 120);
  }

  @ParameterizedTest
  @ValueSource(strings = {README, OPERATORS, HOUSE, EXPORTS, EVALUATION})
  void filesThatAreNamedAreThere(String readme) throws IOException {
    Path folder = Path.of("").toAbsolutePath().resolve(readme).getParent();
    for (String line : lines(readme)) {
      assertThat(LINK.matcher(line).results().map(link -> link.group(1)))
          .allMatch(path -> Files.exists(folder.resolve(path)));
    }
    List<String> words = new ArrayList<>();
    for (String code : code(readme)) {
      words.addAll(Arrays.asList(code.split("\\s+")));
    }
    words.removeIf(word -> PLACEHOLDER.matcher(word).find());
    assertThat(words.stream().filter(word -> PATH.matcher(word).matches()))
        .isNotEmpty()
        .allMatch(path -> Files.exists(Path.of(path)));
    words.removeIf(word -> PATH.matcher(word).matches());
    assertThat(words.stream().filter(word -> CLASS.matcher(word).matches()))
        .allMatch(name -> Files.exists(JAVA.resolve(name + ".java")));
    List<String> files = files();
    assertThat(words.stream().filter(word -> NAME.matcher(word).matches()))
        .allMatch(name -> files.stream().anyMatch(file -> ("/" + file).endsWith("/" + name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {README, OPERATORS})
  void commandsAreExecutable(String readme) throws IOException {
    List<String> commands = new ArrayList<>(code(readme));
    lines(readme).stream()
        .filter(line -> line.startsWith("    "))
        .map(String::strip)
        .forEach(commands::add);
    List<Path> programs =
        commands.stream()
            .map(COMMAND::matcher)
            .filter(command -> command.matches())
            .map(command -> Path.of(command.group(1)))
            .toList();
    assertThat(programs).isNotEmpty().allMatch(Files::isExecutable);
  }

  @Test
  void classesToReadAreThere() throws IOException {
    List<String> files = files();
    List<String> classes =
        CODE.matcher(section("Read the code"))
            .results()
            .map(code -> code.group(1))
            .filter(name -> name.matches("[A-Z]\\w+"))
            .toList();
    assertThat(classes).hasSizeGreaterThan(10);
    for (String name : classes) {
      String root = name.endsWith("Test") ? "src/test/java/" : "src/main/java/";
      assertThat(files)
          .anyMatch(file -> file.startsWith(root) && file.endsWith("/" + name + ".java"));
    }
  }

  @Test
  void whatARunLeavesIsSaid() throws IOException {
    assertThat(section("What a run leaves"))
        .contains(Arrays.stream(Artifact.values()).map(a -> "`" + a.path()).toList());
  }

  private static List<String> lines(String readme) throws IOException {
    return Files.readAllLines(Path.of(readme));
  }

  /** Returns what stands in backticks, whether or not it runs on into the next line. */
  private static List<String> code(String readme) throws IOException {
    return CODE.matcher(String.join(" ", lines(readme)))
        .results()
        .map(code -> code.group(1))
        .toList();
  }

  private static String section(String title) throws IOException {
    String text = Files.readString(Path.of(README));
    int start = text.indexOf("## " + title + "\n");
    assertThat(start).as(title).isNotNegative();
    int end = text.indexOf("\n## ", start);
    return text.substring(start, end);
  }

  private static List<String> files() throws IOException {
    List<String> files = new ArrayList<>();
    for (String folder : List.of("src", "conf", "submit", "notebooks")) {
      try (Stream<Path> found = Files.walk(Path.of(folder))) {
        found.filter(Files::isRegularFile).forEach(path -> files.add(path.toString()));
      }
    }
    return files;
  }
}
