package org.chameleon.model.family;

/** A family that {@code bert.torchscript} computes; {@link Encoder} makes its shape. */
interface EncoderFamily extends ModelFamily {
  @Override
  default String program() {
    return "bert";
  }

  @Override
  default String tokenEmbedding() {
    return "embeddings.word_embeddings.weight";
  }

  /** Returns the name of the output layer of a model that fills in masked tokens. */
  @Override
  default String output() {
    return "cls.predictions.decoder.weight";
  }
}
