package org.chameleon.materialize;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.chameleon.config.InvalidInputException;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.Folder;
import org.chameleon.storage.FolderContent;
import org.chameleon.storage.Json;
import org.chameleon.storage.Verifier;

/**
 * A mixed corpus as it lies in its folder: shards below {@code data}, and {@code manifest.json},
 * which is written last.
 */
public final class MixedCorpusFolder {
  /** The folder of the shards. */
  public static final String DATA = "data";

  /** What was written. */
  public static final String MANIFEST = "manifest.json";

  /** A hidden file that is there from the start, so that an unfinished corpus is known as one. */
  public static final String MARK = ".mixed-corpus";

  private static final String TOOL = "chameleon";

  /** How shards are called. */
  private static final Pattern SHARD = Pattern.compile(DATA + "/part-\\d{5}\\.(parquet|jsonl)");

  /** What a committer leaves that was cut off. */
  private static final Pattern UNCOMMITTED =
      Pattern.compile(DATA + "/(_temporary/.+|__magic[^/]*/.+)");

  /** What a folder with a mixed corpus has. */
  public static final FolderContent CONTENT =
      new FolderContent(
          folder -> "a mixed corpus",
          MixedCorpusFolder::isIn,
          MixedCorpusFolder::written,
          folder ->
              Optional.of(
                  folder.has(MANIFEST)
                      ? "holds a mixed corpus"
                      : "holds an unfinished mixed corpus"),
          "--overwrite to replace it");

  private final Folder folder;

  /** Opens a folder for reading. */
  public MixedCorpusFolder(Folder folder) {
    this.folder = folder;
  }

  /** Returns whether a folder holds a mixed corpus, finished or not. */
  public static boolean isIn(Folder folder) {
    return says(folder, MARK, "tool", TOOL);
  }

  private static boolean says(Folder folder, String name, String field, String value) {
    try {
      return folder.has(name)
          && value.equals(folder.json(name, JsonNode.class).path(field).textValue());
    } catch (InvalidInputException e) {
      return false;
    }
  }

  /**
   * The manifest goes first: without it a corpus is not finished, and the mark says whose it is. A
   * finished one has the shards that the manifest lists; of one that was cut off no list says which
   * are ours, only their names.
   */
  private static List<String> written(Folder folder) {
    List<String> files = new ArrayList<>();
    List<String> others = folder.json(MARK, Mark.class).others();
    Predicate<String> shard = SHARD.asMatchPredicate().and(path -> !others.contains(path));
    if (says(folder, MANIFEST, "kind", MixedCorpus.KIND)) {
      files.add(MANIFEST);
      Set<String> listed =
          folder.json(MANIFEST, MixedCorpus.class).files().stream()
              .map(MixedCorpus.File::path)
              .collect(Collectors.toSet());
      shard = listed::contains;
    }
    folder.paths(DATA).stream()
        .filter(shard.or(UNCOMMITTED.asMatchPredicate()))
        .forEach(files::add);
    return files;
  }

  /**
   * Says that an unfinished corpus is one, before anything of it is there, and which files among
   * its shards are not ours whatever they are called.
   */
  public static void mark(Folder folder) {
    List<String> others = new ArrayList<>(folder.paths(DATA));
    if (isIn(folder)) {
      others.removeAll(written(folder));
    }
    folder.write(MARK, Json.text(new Mark(TOOL, others)));
  }

  /**
   * The content of the mark.
   *
   * @param tool whose the corpus is
   * @param others paths of files that lay there before
   */
  private record Mark(String tool, List<String> others) {
    Mark {
      others = others == null ? List.of() : List.copyOf(others);
    }
  }

  /** Returns the files that were written; none if the corpus is not finished. */
  public List<FileRecord> files() {
    return folder.has(MANIFEST) ? records(manifest()) : List.of();
  }

  private MixedCorpus manifest() {
    MixedCorpus mixed = folder.json(MANIFEST, MixedCorpus.class);
    if (!MixedCorpus.KIND.equals(mixed.kind())) {
      throw new InvalidInputException(
          "Cannot verify %s: its %s is not that of a mixed corpus.".formatted(folder, MANIFEST));
    }
    return mixed;
  }

  private static List<FileRecord> records(MixedCorpus mixed) {
    return mixed.files().stream()
        .map(file -> new FileRecord(file.path(), file.bytes(), file.sha256(), file.rows()))
        .toList();
  }

  /** Returns a line for every file that is missing, changed or not recorded. */
  public List<String> problems(Verifier verifier) {
    if (!folder.has(MANIFEST)) {
      return List.of(
          "%s is not finished: it has no %s. Materialize it again with --overwrite."
              .formatted(folder, MANIFEST));
    }
    MixedCorpus mixed = manifest();
    List<String> problems = new ArrayList<>(counts(mixed));
    problems.addAll(verifier.problems(records(mixed), List.of(DATA), "with the corpus"));
    return problems;
  }

  private static List<String> counts(MixedCorpus mixed) {
    List<String> problems = new ArrayList<>();
    agree(
        "rows",
        mixed.rows(),
        mixed.files().stream().mapToLong(MixedCorpus.File::rows).sum(),
        mixed.domains().stream().mapToLong(MixedCorpus.Domain::rows).sum(),
        problems);
    agree(
        "tokens",
        mixed.tokens(),
        mixed.files().stream().mapToLong(MixedCorpus.File::tokens).sum(),
        mixed.domains().stream().mapToLong(MixedCorpus.Domain::tokens).sum(),
        problems);
    return problems;
  }

  private static void agree(
      String what, long said, long ofFiles, long ofDomains, List<String> problems) {
    if (ofFiles != said || ofDomains != said) {
      problems.add(
          "%s was changed: its files have %d %s, its domains %d, and it says %d."
              .formatted(MANIFEST, ofFiles, what, ofDomains, said));
    }
  }
}
