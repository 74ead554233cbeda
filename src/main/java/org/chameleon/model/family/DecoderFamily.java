package org.chameleon.model.family;

import java.util.List;

/** A family that {@code llama.torchscript} computes; {@link Decoder} makes its shape. */
interface DecoderFamily extends ModelFamily {
  @Override
  default String program() {
    return "llama";
  }

  @Override
  default List<String> prefixes() {
    return List.of("model.");
  }

  @Override
  default String tokenEmbedding() {
    return "embed_tokens.weight";
  }
}
