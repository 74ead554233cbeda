package org.chameleon.training;

import java.io.Serializable;

/**
 * What training made.
 *
 * @param log how it went
 * @param state the weights at its end
 */
public record Trained(TrainingLog log, ModelState state) implements Serializable {}
