/**
 * Pure maths: affinity, leverage scores, objective, weights, stability. No I/O, no session. Of up
 * to a thousand domains all is made of the {@code k x k} affinity ({@code Solution}, {@code
 * SamplingNoise}, {@code Intervals}, {@code Sensitivity}); of more ({@code ManyDomains}) of {@code
 * d x d} matrices, which are summed where the embeddings are. Both end in {@code Solved}, of which
 * {@code MixtureAssembly} makes the mixture.
 */
package org.chameleon.mixture;
