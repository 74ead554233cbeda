package org.chameleon.export;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.chameleon.config.Secrets;
import org.chameleon.corpus.CorpusConfig;
import org.chameleon.mixture.Warning;
import org.chameleon.plan.ExportTarget;
import org.chameleon.plan.PlanConfig;
import org.chameleon.plan.SamplingPlan;

/** How one trainer gets at the documents. */
final class CorpusAccess {
  private final ExportTarget target;
  private final PlanConfig config;
  private final CorpusConfig corpus;
  private final String folder;

  /**
   * Creates the access of a trainer.
   *
   * @param folder where the trainers' files will be
   */
  CorpusAccess(ExportTarget target, PlanConfig config, CorpusConfig corpus, String folder) {
    this.target = target;
    this.config = config;
    this.corpus = corpus;
    this.folder = LocalPaths.plain(folder);
  }

  /** Returns the folder of the trainers' files. */
  String folder() {
    return folder;
  }

  /** Returns the tokenizer of the model to be trained, if it is not the proxy's. */
  Optional<String> tokenizer() {
    return config.tokenizer().map(Secrets::hidden);
  }

  String domainColumn() {
    return corpus.domainColumn();
  }

  /** Returns what the column says of the rows of domains that are several of its names. */
  SortedMap<String, List<String>> domainValues() {
    return new TreeMap<>(corpus.merge());
  }

  /** Returns whether the trainer keeps its own copy of a domain. */
  boolean hasCopy() {
    return config.template(target).isPresent();
  }

  /**
   * Returns where the trainer keeps its own copy of a domain.
   *
   * @param format what the copy is
   */
  String copy(SamplingPlan.Domain domain, String format) throws NotExpressible {
    String template =
        config
            .template(target)
            .orElseThrow(
                () ->
                    new NotExpressible(
                        "it reads its own copy of a domain, %s. Set plan.paths.%s to where that is, with {domain} for the name."
                            .formatted(format, target)));
    return template.replace("{domain}", SafeNames.inPath(domain.name()));
  }

  /** As {@link #copy}, for a trainer that takes a path as a pattern. */
  String copyPattern(SamplingPlan.Domain domain, String format) throws NotExpressible {
    copy(domain, format);
    String name = LocalPaths.escaped(SafeNames.inPath(domain.name()));
    return config.template(target).orElseThrow().replace("{domain}", name);
  }

  /** Returns the paths of a domain: of the trainer's copy if there is one, else of the corpus. */
  List<String> paths(SamplingPlan.Domain domain) throws NotExpressible {
    if (hasCopy()) {
      return List.of(copy(domain, ""));
    }
    if (domain.sources().isEmpty()) {
      throw new NotExpressible(
          "the corpus's files are not known. Set plan.paths.%s.".formatted(target));
    }
    return domain.sources().stream().map(s -> LocalPaths.plain(s.path())).toList();
  }

  /** As {@link #paths}, for a library that takes paths as patterns. */
  List<String> patterns(SamplingPlan.Domain domain) throws NotExpressible {
    return hasCopy()
        ? List.of(copyPattern(domain, ""))
        : paths(domain).stream().map(LocalPaths::escaped).toList();
  }

  /** As {@link #patterns}, for a trainer that cannot tell domains apart within a file. */
  List<String> ownPatterns(SamplingPlan.Domain domain) throws NotExpressible {
    ownPaths(domain);
    return patterns(domain);
  }

  /**
   * Returns paths of files that are looked for by name, and then taken as patterns: what is one
   * fits other files too, or not itself.
   */
  List<String> ownLiteralPatterns(SamplingPlan.Domain domain) throws NotExpressible {
    List<String> paths = ownPaths(domain);
    for (String path : paths) {
      if (path.matches("(?s).*[\\[*?].*")) {
        throw new NotExpressible(
            "it takes any of [ * ? in a path for a pattern, and %s has one. Set plan.paths.%s."
                .formatted(path, target));
      }
    }
    return paths;
  }

  /** As {@link #paths}, for a trainer that cannot tell domains apart within a file. */
  List<String> ownPaths(SamplingPlan.Domain domain) throws NotExpressible {
    if (isShared(domain)) {
      throw new NotExpressible(
          "its files hold several domains ('%s' in %s), and it takes files whole. Write a file per domain, or set plan.paths.%s."
              .formatted(domain.name(), LocalPaths.plain(domain.sources().get(0).path()), target));
    }
    return paths(domain);
  }

  /** Returns the column of the documents' text. */
  String textColumn() throws NotExpressible {
    if (corpus.tokensColumn().isPresent()) {
      throw new NotExpressible("it reads text, and the corpus holds token ids.");
    }
    return corpus.textColumn();
  }

  /** Returns {@code parquet} or {@code json}: how Python's loaders call the format of the files. */
  String format(List<SamplingPlan.Domain> domains) throws NotExpressible {
    TreeSet<String> formats = new TreeSet<>();
    for (SamplingPlan.Domain domain : domains) {
      for (String path : paths(domain)) {
        boolean json = path.matches("(?s).*\\.(json|jsonl|ndjson)(\\.gz|\\.zst)?");
        formats.add(json ? "json" : "parquet");
      }
    }
    if (formats.size() > 1) {
      throw new NotExpressible(
          "some files are Parquet and others JSON lines, and it takes one format. Set plan.paths.%s."
              .formatted(target));
    }
    return formats.first();
  }

  /** Returns whether a path of this domain holds rows of others too. */
  boolean isShared(SamplingPlan.Domain domain) {
    return !hasCopy() && domain.hasSharedFiles();
  }

  /** Returns what to say of domains whose files hold others too. */
  List<Warning> sharedFiles(List<SamplingPlan.Domain> domains) {
    List<String> shared =
        domains.stream().filter(this::isShared).map(SamplingPlan.Domain::name).toList();
    if (shared.isEmpty()) {
      return List.of();
    }
    String message =
        "Their files hold several domains, so a path does not name one. Set plan.paths.%s, or split the files."
            .formatted(target);
    return List.of(new Warning("SHARED_FILES", shared, message));
  }

  /** Returns what to say where a file names the run's own folder, which its reader wants whole. */
  String whenMoved(String key) {
    return key + " lies in the folder of the run: after moving that, run again with --resume.";
  }

  /** Returns a warning about this trainer's file. */
  Warning warning(String code, List<String> domains, String message) {
    return new Warning(code, domains, target + ": " + message);
  }
}
