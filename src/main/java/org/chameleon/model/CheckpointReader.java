package org.chameleon.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.family.ModelConfig;
import org.chameleon.model.family.ModelFamilies;
import org.chameleon.model.family.ModelShape;
import org.chameleon.model.family.TorchScriptFamily;
import org.chameleon.storage.Paths;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what the files of a checkpoint, or those beside a module, say of it. */
final class CheckpointReader {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointReader.class);
  private static final String CONFIG = Checkpoint.CONFIG;

  private CheckpointReader() {}

  /** Reads a Hugging Face or sentence-transformers directory. */
  static Checkpoint directory(String uri, TokenizerNeed need, Configuration hadoop) {
    try {
      CheckpointFolder directory = new CheckpointFolder("checkpoint", Paths.of(uri), hadoop);
      if (!directory.exists()) {
        throw directory.refused("nothing is there. Set proxy.checkpoint to a directory.");
      }
      List<SentenceModules> modules =
          directory.has(SentenceModules.NAME) ? List.of(SentenceModules.in(directory)) : List.of();
      CheckpointFolder folder =
          modules.isEmpty() ? directory : directory.in(modules.get(0).folder());
      ModelShape shape = shape(folder);
      boolean hasTokenizer = folder.has(CheckpointFolder.TOKENIZER);
      String tokenizer = hasTokenizer || need == TokenizerNeed.REQUIRED ? folder.tokenizer() : "";
      if (hasTokenizer) {
        requireFit(folder, tokenizer, shape);
      }
      return new Checkpoint(
          directory.toString(), shape, tokenizer, WeightFiles.in(folder), modules);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot open checkpoint " + uri + ": " + e.getMessage(), e);
    }
  }

  /** Reads what is known of a TorchScript module. */
  static Checkpoint module(String uri, TokenizerNeed need, Configuration hadoop) {
    try {
      Path path = Paths.of(uri);
      FileSystem fileSystem = path.getFileSystem(hadoop);
      if (!fileSystem.exists(path)) {
        throw new InvalidInputException(
            "Cannot open module " + uri + ": nothing is there. Correct proxy.torchscript.");
      }
      boolean directory = fileSystem.getFileStatus(path).isDirectory();
      CheckpointFolder folder =
          new CheckpointFolder("module", directory ? path : path.getParent(), hadoop);
      String module = directory ? module(folder) : path.getName();
      boolean hasTokenizer = folder.has(CheckpointFolder.TOKENIZER);
      String tokenizer = hasTokenizer || need == TokenizerNeed.REQUIRED ? folder.tokenizer() : "";
      int ids =
          hasTokenizer
              ? Tokenizer.vocabularySize(folder.parsed(CheckpointFolder.TOKENIZER, tokenizer))
              : 0;
      return new Checkpoint(
          folder.toString(),
          new TorchScriptFamily().shape(ids),
          tokenizer,
          List.of(module),
          List.of());
    } catch (IOException e) {
      throw new InvalidInputException("Cannot open module " + uri + ": " + e.getMessage(), e);
    }
  }

  private static String module(CheckpointFolder folder) throws IOException {
    List<String> modules =
        folder.names().stream()
            .filter(name -> name.matches(".*\\.(pt|pth|ts|torchscript)"))
            .toList();
    if (modules.size() != 1) {
      throw folder.refused(
          "it has %s. Name the file in proxy.torchscript."
              .formatted(
                  modules.isEmpty()
                      ? "no module (.pt, .pth, .ts or .torchscript)"
                      : modules.size() + " modules: " + CheckpointFolder.listed(modules)));
    }
    return modules.get(0);
  }

  private static ModelShape shape(CheckpointFolder folder) throws IOException {
    ModelConfig config = new ModelConfig(folder.json(CONFIG));
    try {
      return ModelFamilies.shape(config);
    } catch (IllegalArgumentException | InvalidInputException e) {
      throw new InvalidInputException(e.getMessage() + " See " + folder + "/" + CONFIG + ".", e);
    }
  }

  /**
   * Tokens that were added later may have no row of the embedding, such as those of images in a
   * model of text: they are refused where they stand in a text.
   */
  private static void requireFit(CheckpointFolder folder, String tokenizer, ModelShape shape) {
    JsonNode json = folder.parsed(CheckpointFolder.TOKENIZER, tokenizer);
    int ids = Tokenizer.ownVocabularySize(json);
    if (ids > shape.vocabulary()) {
      throw new InvalidInputException(
          ("Cannot use checkpoint %s: its tokenizer produces ids up to %d, its model has a vocabulary"
                  + " of %d. Use the tokenizer that the model was trained with.")
              .formatted(folder, ids - 1, shape.vocabulary()));
    }
    int all = Tokenizer.vocabularySize(json);
    if (all > shape.vocabulary()) {
      LOG.warn(
          "checkpoint {}: added tokens of its tokenizer have ids up to {}, its model has a vocabulary"
              + " of {}; a text with one of them is refused",
          Secrets.hidden(folder.toString()),
          all - 1,
          shape.vocabulary());
    }
  }
}
