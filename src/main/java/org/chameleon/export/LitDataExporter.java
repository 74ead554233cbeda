package org.chameleon.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.plan.SamplingPlan;

/**
 * Arguments of LitData's {@code CombinedStreamingDataset} over Parquet files. It draws rows, and
 * ends with the first dataset that is used up. Its index of a folder is made from what is known of
 * the corpus's files, which are so read where they are.
 */
final class LitDataExporter implements Exporter {

  @Override
  public Export export(DrawnShares shares, CorpusAccess access) throws NotExpressible {
    Map<String, Double> weights = shares.ofDocuments();
    Map<String, String> files = new TreeMap<>();
    Map<String, Object> datasets = new LinkedHashMap<>();
    for (SamplingPlan.Domain domain : shares.domains()) {
      Map<String, Object> dataset = new LinkedHashMap<>();
      if (access.hasCopy()) {
        dataset.put("path", access.paths(domain).get(0));
      } else {
        access.ownPaths(domain);
        String folder = "litdata/" + SafeNames.ofFile(domain.name());
        files.put(folder + "/index.json", index(domain));
        dataset.put("path", access.folder() + "/" + folder);
      }
      dataset.put("weight", weights.get(domain.name()));
      datasets.put(domain.name(), dataset);
    }
    Map<String, Object> mixture = new LinkedHashMap<>();
    if (!access.hasCopy()) {
      mixture.put("comment", access.whenMoved("path of datasets"));
    }
    mixture.put("seed", Math.floorMod(shares.plan().seed(), 1L << 31));
    mixture.put("datasets", datasets);
    mixture.put("item_loader", "parquet");
    mixture.put("iterate_over_all", false);
    mixture.put("unit", "rows");
    files.put("litdata.json", MixtureFile.json(mixture));
    return new Export(files, shares.onePass(access, "Go over it %d times."));
  }

  /** One chunk for each file, with its rows; names are absolute, so the index can lie elsewhere. */
  private static String index(SamplingPlan.Domain domain) throws NotExpressible {
    List<Object> chunks = new ArrayList<>();
    for (DomainFiles.Source source : domain.sources()) {
      String path = LocalPaths.plain(source.path());
      if (!path.endsWith(".parquet") || LocalPaths.isRemote(path)) {
        throw new NotExpressible(
            "it reads local files that end in .parquet, and %s is none. Set plan.paths.litdata."
                .formatted(path));
      }
      Map<String, Object> chunk = new LinkedHashMap<>();
      chunk.put("chunk_bytes", source.bytes());
      chunk.put("chunk_size", source.rows());
      chunk.put("dim", null);
      chunk.put("filename", path);
      chunks.add(chunk);
    }
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("chunk_bytes", null);
    config.put("chunk_size", null);
    config.put("compression", null);
    config.put("data_format", List.of("string"));
    config.put("data_spec", null);
    config.put("encryption", null);
    config.put("item_loader", "ParquetLoader");
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("chunks", chunks);
    index.put("config", config);
    index.put("updated_at", "0");
    return MixtureFile.json(index);
  }
}
