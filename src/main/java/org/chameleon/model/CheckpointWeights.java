package org.chameleon.model;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.family.ModelShape;
import org.chameleon.model.family.ModelWeight;

/**
 * Where a checkpoint's files hold each weight of a model, as their headers say. Names are those of
 * the model with or without a prefix of its family, and with or without what wrappers such as
 * {@code torch.compile} put in between; where input and output layer are tied, one may stand for
 * both.
 */
final class CheckpointWeights {
  /** Components of names that come from modules around others. */
  private static final Set<String> WRAPPERS =
      Set.of("_orig_mod", "module", "_fsdp_wrapped_module", "_checkpoint_wrapped_module");

  private final String uri;
  private final ModelShape shape;
  private final Map<String, Place> places = new HashMap<>();

  /**
   * A tensor in a file.
   *
   * @param file name of the file in the checkpoint
   * @param tensor its name there
   * @param entry what the header says of it
   */
  record Place(String file, String tensor, SafetensorsHeader.Entry entry) {}

  /**
   * Reads the headers of all files.
   *
   * @throws InvalidInputException if one is not sound, or a weight stands twice
   */
  CheckpointWeights(CheckpointFolder folder, List<String> files, ModelShape shape)
      throws IOException {
    this.uri = folder.toString();
    this.shape = shape;
    Map<String, String> aliases = new TreeMap<>();
    for (String file : files) {
      SafetensorsHeader header = folder.header(file);
      header.entries().forEach((name, entry) -> add(name, new Place(file, name, entry)));
      aliases.putAll(header.aliases());
    }
    aliases.forEach((name, kept) -> places.putIfAbsent(plain(name), places.get(plain(kept))));
  }

  private void add(String name, Place place) {
    Place other = places.put(plain(name), place);
    if (other != null) {
      throw new InvalidInputException(
          "Cannot use checkpoint %s: tensor '%s' of %s and '%s' of %s are the same weight. Keep one."
              .formatted(
                  uri,
                  SafetensorsHeader.shown(other.tensor()),
                  other.file(),
                  SafetensorsHeader.shown(name),
                  place.file()));
    }
  }

  /**
   * Returns a tensor's name without wrappers and without a prefix of the family, and with the newer
   * of two names that norms have had.
   */
  private String plain(String name) {
    String unwrapped =
        Arrays.stream(name.split("\\."))
            .filter(part -> !WRAPPERS.contains(part))
            .collect(Collectors.joining("."));
    String bare =
        shape.family().prefixes().stream()
            .filter(unwrapped::startsWith)
            .findFirst()
            .map(prefix -> unwrapped.substring(prefix.length()))
            .orElse(unwrapped);
    return bare.replaceFirst("LayerNorm\\.gamma$", "LayerNorm.weight")
        .replaceFirst("LayerNorm\\.beta$", "LayerNorm.bias");
  }

  /**
   * Returns the place of each weight, in the order given.
   *
   * @throws InvalidInputException if one is missing, of other sizes than {@code config.json} makes
   *     it, or of a type that is not read
   */
  Map<ModelWeight, Place> of(List<ModelWeight> weights) {
    Map<ModelWeight, Place> found = new LinkedHashMap<>();
    weights.forEach(weight -> found.put(weight, place(weight)));
    return found;
  }

  private Place place(ModelWeight weight) {
    Place place =
        names(weight)
            .filter(places::containsKey)
            .map(places::get)
            .findFirst()
            .orElseThrow(
                () ->
                    refused(
                        "it has no tensor '%s', which its config.json asks for. Use the config.json"
                                .formatted(weight.saved())
                            + " that the weights were saved with."));
    if (!place.entry().shape().equals(weight.sizes())) {
      throw refused(
          ("tensor '%s' has sizes %s, config.json makes them %s. Use the"
                  + " config.json that the weights were saved with.")
              .formatted(
                  SafetensorsHeader.shown(place.tensor()),
                  ModelWeight.text(place.entry().shape()),
                  ModelWeight.text(weight.sizes())));
    }
    if (!Safetensors.isReadable(place.entry().type())) {
      throw refused(
          "tensor '%s' is of type %s, not F64, F32, F16 or BF16. Save the model without quantization."
              .formatted(
                  SafetensorsHeader.shown(place.tensor()),
                  SafetensorsHeader.shown(place.entry().type())));
    }
    return place;
  }

  private Stream<String> names(ModelWeight weight) {
    String embedding = shape.family().tokenEmbedding();
    if (!shape.tied() || !weight.saved().equals(embedding)) {
      return Stream.of(weight.saved());
    }
    return Stream.of(embedding, shape.family().output());
  }

  private InvalidInputException refused(String why) {
    return new InvalidInputException("Cannot use checkpoint " + uri + ": " + why);
  }
}
