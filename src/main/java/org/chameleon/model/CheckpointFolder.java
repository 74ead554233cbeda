package org.chameleon.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.functional.FutureIO;
import org.chameleon.config.FirstBytes;
import org.chameleon.config.InvalidInputException;
import org.chameleon.storage.HadoopSettings;
import org.chameleon.storage.Paths;

/** The folder of a checkpoint or tokenizer on any Hadoop file system; it is only read. */
final class CheckpointFolder {
  static final String TOKENIZER = "tokenizer.json";

  /** Files that a tokenizer of other kinds is saved in. */
  private static final List<String> OTHER_TOKENIZERS =
      List.of("vocab.json", "merges.txt", "tokenizer.model", "spiece.model", "vocab.txt");

  private final String what;
  private final FileSystem fileSystem;
  private final Path directory;

  /**
   * Names a folder, which need not exist.
   *
   * @param what messages call it: a checkpoint or a tokenizer
   */
  CheckpointFolder(String what, Path directory, Configuration hadoop) throws IOException {
    this.what = what;
    this.fileSystem = HadoopSettings.ofSources(directory, hadoop);
    this.directory = fileSystem.makeQualified(directory);
  }

  /** Returns a folder in this one, or this one. */
  CheckpointFolder in(String folder) {
    return folder.isEmpty() ? this : new CheckpointFolder(what, fileSystem, path(folder));
  }

  private CheckpointFolder(String what, FileSystem fileSystem, Path directory) {
    this.what = what;
    this.fileSystem = fileSystem;
    this.directory = directory;
  }

  /** Returns a file's name, size and modification time. */
  String identity(String name) throws IOException {
    FileStatus status = fileSystem.getFileStatus(path(name));
    return name + " " + status.getLen() + " " + status.getModificationTime();
  }

  Path path(String name) {
    return Paths.in(directory, name);
  }

  boolean exists() throws IOException {
    return fileSystem.exists(directory);
  }

  boolean has(String name) throws IOException {
    return fileSystem.exists(path(name));
  }

  /** Returns the names of all files, in order. */
  List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    for (FileStatus file : fileSystem.listStatus(directory)) {
      if (file.isFile()) {
        names.add(file.getPath().getName());
      }
    }
    names.sort(null);
    return names;
  }

  /**
   * Returns the text of a file.
   *
   * @throws InvalidInputException if it is not there, or something else than text
   */
  String text(String name) throws IOException {
    if (!has(name)) {
      throw refused("it has no " + name + ". Copy all files of the " + what + ".");
    }
    byte[] bytes;
    try (InputStream in = fileSystem.open(path(name))) {
      bytes = in.readAllBytes();
    }
    Optional<String> mistaken =
        WrongFile.of(Arrays.copyOf(bytes, Math.min(bytes.length, FirstBytes.COUNT)));
    if (mistaken.isPresent()) {
      throw refused(name + " cannot be read: " + mistaken.get());
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Returns the object in a JSON file.
   *
   * @throws InvalidInputException if it is not there, not JSON, or something else than an object
   */
  JsonNode json(String name) throws IOException {
    return parsed(name, text(name));
  }

  /** Returns the list in a JSON file. */
  JsonNode list(String name) throws IOException {
    JsonNode json = tree(name, text(name));
    if (!json.isArray()) {
      throw refused(name + " holds no JSON list. Copy it again.");
    }
    return json;
  }

  /** As {@link #json}, of a file that has been read. */
  JsonNode parsed(String name, String text) {
    JsonNode json = tree(name, text);
    if (!json.isObject()) {
      throw refused(name + " holds no JSON object. Copy it again.");
    }
    return json;
  }

  private JsonNode tree(String name, String text) {
    JsonNode json;
    try {
      json = new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw refused(
          "%s is not JSON (line %d: %s). Copy it again."
              .formatted(
                  name,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")));
    }
    return json == null ? MissingNode.getInstance() : json;
  }

  /**
   * Returns the content of {@code tokenizer.json}.
   *
   * @throws InvalidInputException if it is not there; the message says how to make it from what is
   */
  String tokenizer() throws IOException {
    List<String> names = names();
    List<String> others =
        Stream.concat(
                OTHER_TOKENIZERS.stream(),
                names.stream().filter(name -> name.endsWith(".tiktoken")))
            .filter(names::contains)
            .toList();
    if (!has(TOKENIZER) && !others.isEmpty()) {
      throw refused(
          ("its tokenizer is in %s, and only tokenizer.json is read. Write that with"
                  + " transformers.AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER).")
              .formatted(String.join(" and ", others)));
    }
    return text(TOKENIZER);
  }

  /**
   * Reads the header of a file of weights, and nothing behind it.
   *
   * @throws InvalidInputException if it is no sound safetensors file
   */
  SafetensorsHeader header(String name) throws IOException {
    Path file = path(name);
    FileStatus status = fileSystem.getFileStatus(file);
    try (FSDataInputStream in =
        FutureIO.awaitFuture(
            fileSystem
                .openFile(file)
                .opt("fs.option.openfile.read.policy", "random")
                .withFileStatus(status)
                .build())) {
      return SafetensorsHeader.read(
          file.toString(),
          status.getLen(),
          (position, count) -> {
            byte[] bytes = new byte[count];
            in.readFully(position, bytes);
            return bytes;
          });
    }
  }

  /** Returns the refusal of this folder, for a reason that ends with the way out. */
  InvalidInputException refused(String why) {
    return new InvalidInputException("Cannot open " + what + " " + directory + ": " + why);
  }

  /** Returns names as a person would list them, the first few. */
  static String listed(Collection<String> names) {
    String first = String.join(", ", names.stream().limit(3).toList());
    return names.size() > 3 ? first + ", …" : first;
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
