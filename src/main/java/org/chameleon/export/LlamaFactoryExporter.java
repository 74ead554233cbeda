package org.chameleon.export;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.plan.Shares;

/**
 * Dataset descriptions and a data section of LLaMA-Factory. It draws rows with the probabilities of
 * {@code datasets.interleave_datasets}, and with {@code interleave_over} goes on until every
 * dataset is used up once. A dataset is one file: of a folder it would take whatever else lies
 * there.
 */
final class LlamaFactoryExporter implements Exporter {
  private static final String FOLDER = "llama-factory";
  private static final Pattern NUMBERED = Pattern.compile("(?s)(.*)-(\\d+)");

  @Override
  public Export export(DrawnShares shares, CorpusAccess access) throws NotExpressible {
    Map<String, Double> probabilities = shares.ofDocuments();
    Map<String, Object> descriptions = new LinkedHashMap<>();
    Map<String, Double> byFile = new LinkedHashMap<>();
    for (SamplingPlan.Domain domain : shares.domains()) {
      List<String> paths = access.ownLiteralPatterns(domain);
      for (int i = 0; i < paths.size(); i++) {
        String name = name(domain.name(), paths.size() == 1 ? -1 : i, shares);
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("file_name", readable(paths.get(i)));
        description.put("columns", Map.of("prompt", access.textColumn()));
        descriptions.put(name, description);
        byFile.put(name, probabilities.get(domain.name()) * partOf(domain, i, paths.size()));
      }
    }
    double[] printed = Shares.of(byFile.values().stream().mapToDouble(p -> p).toArray());
    List<String> texts = new ArrayList<>();
    for (double share : printed) {
      texts.add(BigDecimal.valueOf(share).toPlainString());
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("dataset_dir", access.folder() + "/" + FOLDER);
    data.put("dataset", String.join(",", byFile.keySet()));
    data.put("mix_strategy", "interleave_over");
    data.put("interleave_probs", String.join(",", texts));
    Map<String, String> files = new TreeMap<>();
    files.put(FOLDER + "/dataset_info.json", MixtureFile.json(descriptions));
    files.put(
        FOLDER + "/data.yaml",
        MixtureFile.yaml(
            "LLaMA-Factory. interleave_probs: shares of rows, in the order of dataset.\nOne epoch goes on until every dataset is used up: end training by max_steps.\n"
                + access.whenMoved("dataset_dir"),
            data));
    return new Export(files, List.of());
  }

  private static double partOf(SamplingPlan.Domain domain, int file, int files) {
    if (files == 1) {
      return 1;
    }
    double rows = domain.sources().stream().mapToLong(s -> s.rows()).sum();
    return domain.sources().get(file).rows() / rows;
  }

  /**
   * Returns a name of one file of a domain: with its number where there are several, which must not
   * be the name of another domain.
   */
  private static String name(String domain, int file, DrawnShares shares) {
    if (file >= 0) {
      return SafeNames.inList(domain) + "-" + file;
    }
    Matcher numbered = NUMBERED.matcher(domain);
    boolean taken =
        numbered.matches()
            && shares.domains().stream().anyMatch(d -> d.name().equals(numbered.group(1)));
    return taken
        ? SafeNames.inList(numbered.group(1)) + "%2D" + numbered.group(2)
        : SafeNames.inList(domain);
  }

  private static String readable(String path) throws NotExpressible {
    if (LocalPaths.isRemote(path) || !path.matches("(?s).*(/[^.]*|\\.(parquet|json|jsonl))")) {
      throw new NotExpressible(
          "it reads local files that end in .parquet, .json or .jsonl, and %s is none. Set plan.paths.llama-factory."
              .formatted(path));
    }
    return path;
  }
}
