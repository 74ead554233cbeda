/**
 * Chameleon for Spark: how much of each domain a language model should be trained on.
 *
 * <p>A tour, in the order of the data:
 *
 * <ol>
 *   <li>{@link org.chameleon.Chameleon} is the main path: its stages, each a private method of a
 *       few lines. {@link org.chameleon.RunConfig} is what a run is told, one record per section;
 *       {@code StageRunner} decides what can be reused; {@link org.chameleon.RunDirectory} is where
 *       everything goes.
 *   <li>{@link org.chameleon.corpus.Corpus} knows which documents each domain has and reads them by
 *       number.
 *   <li>{@link org.chameleon.sampling.WindowSampler} draws windows of tokens from them.
 *   <li>{@link org.chameleon.training.ProxyTrainer} makes a tokenizer and a small language model,
 *       if none is given; {@link org.chameleon.model.Checkpoint} opens one. The model's computation
 *       is {@code gpt2.torchscript} beside it.
 *   <li>{@link org.chameleon.embedding.Embedder} sends windows through the lower half of the model;
 *       {@link org.chameleon.embedding.DomainEmbeddings} averages them, exactly.
 *   <li>{@link org.chameleon.mixture.Mixture} is the method itself: affinity, leverage scores,
 *       weights. Pure maths; read {@code Weights} and {@code LeverageScores}.
 *   <li>{@link org.chameleon.plan.SamplingPlan} turns weights into tokens and files for trainers;
 *       {@link org.chameleon.report.Report} into a page.
 *   <li>{@link org.chameleon.materialize.Materializer} writes the mixed corpus that a plan
 *       describes.
 *   <li>Beside them, {@code cluster} is what the stages ask of Spark, {@code RunLock} keeps two
 *       runs apart, {@link org.chameleon.RunStatus}, {@link org.chameleon.RunComparison} and {@link
 *       org.chameleon.Publication} look at finished runs, and {@link org.chameleon.doctor.Doctor}
 *       at executors.
 * </ol>
 *
 * <p>Packages import upstream only, in this order; a test keeps it. The first test to read is
 * {@code TutorialTest}.
 */
package org.chameleon;
