package org.chameleon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Files of JSON lines that come, go and change, in one folder. */
final class GrowingCorpus {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

  private final Path folder;

  GrowingCorpus(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes a file with the documents of some domains, one of each in turn.
   *
   * @param name of the file, without its ending
   */
  GrowingCorpus file(String name, int documents, List<String> domains) {
    Random random = new Random(name.hashCode());
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < documents; i++) {
      for (String domain : domains) {
        lines.append("{\"domain\": \"").append(domain).append("\", \"text\": \"");
        lines.append(text(domain, random)).append("\"}\n");
      }
    }
    try {
      Files.createDirectories(folder);
      Files.writeString(path(name), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Words of a domain begin with letters of its own. */
  private static String text(String domain, Random random) {
    StringBuilder text = new StringBuilder();
    int length = 20 + random.nextInt(100);
    for (int i = 0; i < length; i++) {
      int letter = Math.floorMod(domain.hashCode() + random.nextInt(6), LETTERS.length());
      text.append(i == 0 ? "" : " ").append(LETTERS.charAt(letter)).append(random.nextInt(30));
    }
    return text.toString();
  }

  Path path(String name) {
    return folder.resolve(name + ".jsonl");
  }

  /** Returns a value of {@code corpus.domains}: files by domain. */
  String domains(Map<String, List<String>> files) {
    StringBuilder value = new StringBuilder("{");
    new TreeMap<>(files)
        .forEach(
            (domain, names) ->
                value.append(domain).append(" = ").append(paths(names)).append(", "));
    return value.append("}").toString();
  }

  /** Writes a configuration that names domains alone. */
  Path config(Path folderOfFile, Map<String, List<String>> files) {
    return config(folderOfFile, "domains = " + domains(files));
  }

  /** Writes a configuration that says something of the corpus alone. */
  static Path config(Path folderOfFile, String ofCorpus) {
    try {
      Path file = Files.createTempFile(folderOfFile, "more", ".conf");
      return Files.writeString(file, "chameleon.corpus { " + ofCorpus + " }");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a list of paths of files. */
  String paths(List<String> names) {
    StringBuilder value = new StringBuilder("[");
    names.forEach(name -> value.append('"').append(path(name)).append("\", "));
    return value.append("]").toString();
  }
}
