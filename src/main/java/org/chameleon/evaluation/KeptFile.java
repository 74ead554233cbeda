package org.chameleon.evaluation;

/**
 * A file of a trained model, where it lies until all trials have ended.
 *
 * @param uri where it is
 * @param sha256 of its content
 */
public record KeptFile(String uri, String sha256) {}
