package org.chameleon;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.CorpusConfig;
import org.chameleon.corpus.CorpusFile;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.sampling.DomainSize;

/** The corpus of a run after a change of its domains: what a run of the changed one is given. */
final class ChangedCorpus {
  private final SparkSession spark;
  private final CorpusConfig before;
  private final SortedMap<String, DomainSize> domains = new TreeMap<>();

  /**
   * Creates the changes of a corpus.
   *
   * @param domains as the run found them
   */
  ChangedCorpus(SparkSession spark, CorpusConfig before, Collection<DomainSize> domains) {
    this.spark = spark;
    this.before = before;
    domains.forEach(domain -> this.domains.put(domain.name(), domain));
  }

  /**
   * A changed corpus.
   *
   * @param config of it
   * @param made domains that are new or other than they were
   * @param gone domains that there are no more
   */
  record Changed(CorpusConfig config, SortedSet<String> made, SortedSet<String> gone) {}

  /**
   * Returns the corpus with further domains.
   *
   * @param more their paths
   * @param replace whether a domain that is there already gets the paths given in place of its own
   */
  Changed with(CorpusConfig more, boolean replace) {
    SortedSet<String> made = new TreeSet<>(Corpus.open(spark, more).domains().keySet());
    for (String name : made) {
      boolean replaced = replace && more.domains().containsKey(name) && isGiven(name);
      if (domains.containsKey(name) && !replaced) {
        throw new InvalidInputException(
            "Cannot add domain '%s': the run has it already. Give it another name%s."
                .formatted(
                    name,
                    isGiven(name) && more.domains().containsKey(name)
                        ? ", or --replace its paths"
                        : ""));
      }
      if (before.leaveOut().contains(name) && !more.domains().containsKey(name)) {
        throw new InvalidInputException(
            "Cannot add domain '%s': corpus.leave-out leaves it out of every path. Run again with --resume without that."
                .formatted(name));
      }
    }
    List<String> path = new ArrayList<>(before.path());
    more.path().stream().filter(one -> !path.contains(one)).forEach(path::add);
    Map<String, List<String>> given = new TreeMap<>(before.domains());
    given.putAll(more.domains());
    return new Changed(
        before.with(path, given, before.leaveOut(), before.merge()), made, new TreeSet<>());
  }

  private boolean isGiven(String name) {
    return before.domains().containsKey(name);
  }

  /** Returns the corpus without some domains. */
  Changed without(Collection<String> names) {
    names.forEach(this::requireThere);
    SortedSet<String> gone = new TreeSet<>(names);
    if (gone.containsAll(domains.keySet())) {
      throw new InvalidInputException(
          "Cannot remove %s: no domain is left. Keep one.".formatted(String.join(", ", gone)));
    }
    return new Changed(config(gone), new TreeSet<>(), gone);
  }

  /** A path that holds nothing but domains that go is dropped; of others, they are left out. */
  private CorpusConfig config(SortedSet<String> gone) {
    Map<String, List<String>> given = new TreeMap<>(before.domains());
    given.keySet().removeAll(gone);
    List<String> path = new ArrayList<>(before.path());
    Set<String> shared = new TreeSet<>();
    Set<String> givenFiles = givenFiles();
    for (String pattern : before.path()) {
      Set<String> there = domainsOf(pattern, givenFiles);
      if (!there.isEmpty() && gone.containsAll(there)) {
        path.remove(pattern);
      } else {
        there.retainAll(gone);
        shared.addAll(there);
      }
    }
    Set<String> leaveOut = new TreeSet<>(before.leaveOut());
    Map<String, List<String>> merge = new TreeMap<>(before.merge());
    for (String name : gone) {
      List<String> members = merge.remove(name);
      if (shared.contains(name)) {
        leaveOut.addAll(members == null ? List.of(name) : members);
      }
    }
    return before.with(path, given, List.copyOf(leaveOut), merge);
  }

  /** Returns the domains that the run found in the files of one of its paths. */
  private Set<String> domainsOf(String pattern, Set<String> givenFiles) {
    CorpusConfig only = before.with(List.of(pattern), Map.of(), before.leaveOut(), before.merge());
    Set<String> files = paths(Corpus.open(spark, only));
    files.removeAll(givenFiles);
    Set<String> there = new TreeSet<>();
    domains.forEach(
        (name, domain) -> {
          if (domain.sources().stream().anyMatch(source -> files.contains(source.path()))) {
            there.add(name);
          }
        });
    return there;
  }

  private Set<String> givenFiles() {
    return before.domains().isEmpty()
        ? Set.of()
        : paths(Corpus.open(spark, before.with(List.of(), before.domains(), List.of(), Map.of())));
  }

  private static Set<String> paths(Corpus corpus) {
    return corpus.files().stream()
        .map(CorpusFile::path)
        .map(Secrets::hidden)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the corpus with some domains as one. */
  Changed merged(String into, Collection<String> names) {
    names.forEach(this::requireThere);
    SortedSet<String> gone = new TreeSet<>(names);
    if (gone.size() < 2) {
      throw new InvalidInputException(
          "Cannot merge %s into '%s': name two domains or more."
              .formatted(String.join(", ", gone), into));
    }
    if (domains.containsKey(into) && !gone.contains(into)) {
      throw new InvalidInputException(
          "Cannot merge into '%s': the run has a domain of that name. Give another name, or merge that one too."
              .formatted(into));
    }
    Map<String, List<String>> given = new TreeMap<>(before.domains());
    Map<String, List<String>> merge = new TreeMap<>(before.merge());
    List<String> paths = new ArrayList<>();
    List<String> members = new ArrayList<>();
    Set<String> givenFiles = givenFiles();
    for (String name : gone) {
      List<String> own = given.remove(name);
      paths.addAll(own == null ? List.of() : own);
      boolean found =
          domains.get(name).sources().stream().anyMatch(s -> !givenFiles.contains(s.path()));
      List<String> whole = merge.remove(name);
      if (found) {
        members.addAll(whole == null ? List.of(name) : whole);
      }
    }
    if (!paths.isEmpty()) {
      given.put(into, paths);
    }
    if (!members.isEmpty()) {
      merge.put(into, members);
    }
    SortedSet<String> made = new TreeSet<>(List.of(into));
    gone.remove(into);
    return new Changed(before.with(before.path(), given, before.leaveOut(), merge), made, gone);
  }

  /**
   * Returns the corpus with a domain in parts.
   *
   * @param parts paths of its files, by the names of the parts
   */
  Changed split(CorpusConfig parts) {
    if (!parts.path().isEmpty() || parts.domains().size() < 2) {
      throw new InvalidInputException(
          "Cannot split: name two parts or more in corpus.domains of --config, each with paths of the domain's files.");
    }
    SortedMap<String, DomainFiles> made = Corpus.open(spark, parts).domains();
    String whole = whole(made);
    SortedSet<String> names = new TreeSet<>(made.keySet());
    for (String name : names) {
      if (domains.containsKey(name) && !name.equals(whole)) {
        throw new InvalidInputException(
            "Cannot split '%s' into '%s': the run has a domain of that name. Give another."
                .formatted(whole, name));
      }
    }
    Map<String, List<String>> given = new TreeMap<>(before.domains());
    given.remove(whole);
    given.putAll(parts.domains());
    Map<String, List<String>> merge = new TreeMap<>(before.merge());
    merge.remove(whole);
    SortedSet<String> gone = new TreeSet<>(List.of(whole));
    gone.removeAll(names);
    return new Changed(before.with(before.path(), given, before.leaveOut(), merge), names, gone);
  }

  /** Returns the domain whose files the parts have: all of them, and no others. */
  private String whole(SortedMap<String, DomainFiles> parts) {
    Set<String> files = new TreeSet<>();
    parts.values().forEach(part -> part.sources().forEach(source -> files.add(source.path())));
    for (DomainSize domain : domains.values()) {
      Set<String> own = new TreeSet<>();
      domain.sources().forEach(source -> own.add(source.path()));
      if (!own.stream().anyMatch(files::contains)) {
        continue;
      }
      if (domain.sources().stream().anyMatch(DomainFiles.Source::shared)) {
        throw new InvalidInputException(
            "Cannot split '%s': %s holds other rows too, and a part is whole files. Write its parts into files of their own."
                .formatted(domain.name(), own.iterator().next()));
      }
      requireSame(domain.name(), own, files);
      return domain.name();
    }
    throw new InvalidInputException(
        "Cannot split: %s is of no domain of the run. Name files of the domain that is to be split."
            .formatted(files.iterator().next()));
  }

  private static void requireSame(String domain, Set<String> own, Set<String> files) {
    for (String file : own) {
      if (!files.contains(file)) {
        throw new InvalidInputException(
            "Cannot split '%s': its file %s is in no part. Every file must be in one."
                .formatted(domain, file));
      }
    }
    for (String file : files) {
      if (!own.contains(file)) {
        throw new InvalidInputException(
            "Cannot split '%s': %s is none of its files. Leave it out of the parts."
                .formatted(domain, file));
      }
    }
  }

  private void requireThere(String name) {
    if (!domains.containsKey(name)) {
      throw new InvalidInputException(
          "Cannot find domain '%s': the run has %s.".formatted(name, shortened(domains.keySet())));
    }
  }

  private static String shortened(Set<String> names) {
    int most = 20;
    String first = names.stream().limit(most).collect(Collectors.joining(", "));
    return names.size() > most ? first + " and " + (names.size() - most) + " more" : first;
  }
}
