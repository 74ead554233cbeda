package org.chameleon.materialize;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.plan.SamplingPlan;

/**
 * What was written of a mixed corpus, compared with its plan: the content of {@code manifest.json}
 * beside it. It is written last; without it the corpus is not finished.
 *
 * @param schemaVersion version of this layout
 * @param kind {@code mixed-corpus}
 * @param run URI of the run whose plan it follows
 * @param planSha256 hash of the plan
 * @param tokenizerSha256 hash of the {@code tokenizer.json} that counted tokens, or null where the
 *     documents are token ids
 * @param seed of what was drawn and shuffled
 * @param format of the files
 * @param domainColumn column with the domain
 * @param contentColumn column with the text or the token ids
 * @param rows documents, with their copies
 * @param tokens of all rows
 * @param largestDifference of a domain's share of the tokens from the planned one
 * @param domains ordered by name
 * @param files in the order of the shuffled corpus
 */
public record MixedCorpus(
    int schemaVersion,
    String kind,
    String run,
    String planSha256,
    String tokenizerSha256,
    long seed,
    ShardFormat format,
    String domainColumn,
    String contentColumn,
    long rows,
    long tokens,
    double largestDifference,
    List<Domain> domains,
    List<File> files) {

  /** What {@code kind} says. */
  public static final String KIND = "mixed-corpus";

  private static final int SCHEMA_VERSION = 1;

  /**
   * One domain.
   *
   * @param name the domain
   * @param weight planned share of the tokens
   * @param share realised share of the tokens
   * @param epochs planned passes: each document is there their floor or ceiling times
   * @param plannedTokens by the plan
   * @param tokens realised
   * @param rows documents, with their copies
   * @param documents without copies
   */
  public record Domain(
      String name,
      double weight,
      double share,
      double epochs,
      long plannedTokens,
      long tokens,
      long rows,
      long documents) {}

  /**
   * One shard.
   *
   * @param path below the corpus's folder
   * @param bytes its size
   * @param sha256 its hash
   * @param rows in it
   * @param tokens of its rows
   */
  public record File(String path, long bytes, String sha256, long rows, long tokens) {}

  /** Copies the lists. */
  public MixedCorpus {
    domains = List.copyOf(domains);
    files = List.copyOf(files);
  }

  static MixedCorpus of(
      Source source, SamplingPlan plan, ShardSettings settings, List<Shard> shards) {
    Map<String, Shard.Content> contents = new TreeMap<>();
    List<File> files = new ArrayList<>();
    for (Shard shard : shards) {
      shard.domains().forEach((d, c) -> contents.merge(d, c, Shard.Content::plus));
      files.add(
          new File(
              MixedCorpusFolder.DATA + "/" + shard.file().path(),
              shard.file().bytes(),
              shard.file().sha256(),
              shard.rows(),
              shard.tokens()));
    }
    long tokens = contents.values().stream().mapToLong(Shard.Content::tokens).sum();
    double largest = 0;
    List<Domain> domains = new ArrayList<>();
    for (SamplingPlan.Domain planned : plan.domains()) {
      Shard.Content found = contents.getOrDefault(planned.name(), Shard.Content.NONE);
      double share = tokens == 0 ? 0 : (double) found.tokens() / tokens;
      largest = Math.max(largest, Math.abs(share - planned.weight()));
      domains.add(
          new Domain(
              planned.name(),
              planned.weight(),
              share,
              planned.epochs(),
              planned.tokens(),
              found.tokens(),
              found.rows(),
              found.documents()));
    }
    return new MixedCorpus(
        SCHEMA_VERSION,
        KIND,
        source.run(),
        source.planSha256(),
        source.tokenizerSha256(),
        settings.seed(),
        settings.format(),
        settings.domainColumn(),
        settings.contentColumn(),
        contents.values().stream().mapToLong(Shard.Content::rows).sum(),
        tokens,
        largest,
        domains,
        files);
  }

  /**
   * What a mixed corpus was made from.
   *
   * @param run URI of the run
   * @param planSha256 hash of its plan
   * @param tokenizerSha256 hash of the tokenizer, or null
   */
  public record Source(String run, String planSha256, String tokenizerSha256) {}
}
