/**
 * Chameleon for Spark: how much of each domain a language model should be trained on.
 *
 * <p>A tour, in the order of the data:
 *
 * <ol>
 *   <li>{@link org.chameleon.Chameleon} is the main path: its stages, each a class or method of
 *       {@code stages}; {@link org.chameleon.stages.Planning} is its second half, {@link
 *       org.chameleon.stages.Proxy} what it knows of the model. {@link org.chameleon.RunConfig} is
 *       what a run is told, one record per section, {@link org.chameleon.stages.StageInputs} what
 *       makes each stage run again, and {@link org.chameleon.stages.DomainReuse} which domains need
 *       not.
 *   <li>{@link org.chameleon.corpus.Corpus} knows which documents each domain has and reads them by
 *       number. Which files a path names, {@code CorpusFiles} says; what a row of one is, its
 *       {@code RowReader}: no row is lost, it is read, or it is bad and counts.
 *   <li>{@link org.chameleon.training.ProxyTrainer} makes a tokenizer and a small language model,
 *       if none is given. Its parts serve any model: {@link org.chameleon.sequences.TokenPool}
 *       tokenizes what is trained on once, {@link org.chameleon.sequences.MixtureSequences} reads
 *       it under any mixture, {@link org.chameleon.training.TrainingTask} trains on that and
 *       returns a {@link org.chameleon.training.ModelState}, which {@link
 *       org.chameleon.training.StateSum} averages.
 *   <li>{@link org.chameleon.model.Checkpoint} opens a model. A {@link
 *       org.chameleon.model.family.ModelFamily} is data: how to read its configuration, and its
 *       weights; the computation is a program, such as {@code gpt2.torchscript}, over pieces that
 *       families share and products that suit the device.
 *   <li>{@link org.chameleon.sampling.WindowSampler} draws windows of tokens from the documents.
 *   <li>{@link org.chameleon.embedding.Embedder} sends windows through the lower half of the model;
 *       {@link org.chameleon.embedding.DomainStates} adds their embeddings up exactly, in groups
 *       that merge, and {@link org.chameleon.embedding.DomainEmbeddings} are their means.
 *   <li>{@link org.chameleon.mixture.Mixture} is the method itself: affinity, leverage scores,
 *       weights. Pure maths; read {@code Affinity}, {@code LeverageScores} and {@code Weights},
 *       which a {@code Solution} holds together, or {@code ManyDomains} where they are too many for
 *       a matrix of pairs. {@code SamplingNoise} says how sure they are, {@link
 *       org.chameleon.mixture.Sensitivity} what other settings give, {@link
 *       org.chameleon.mixture.Movement} what moved them from one run to another.
 *   <li>{@link org.chameleon.plan.SamplingPlan} turns weights into tokens, and carries the {@link
 *       org.chameleon.plan.Evidence} for them, if {@link org.chameleon.evaluation.Findings} has
 *       some; {@link org.chameleon.export.Exports} writes them as each trainer reads them, and
 *       {@link org.chameleon.report.Report} as a page.
 *   <li>{@link org.chameleon.Evaluation} of a finished run says whether its mixture helps: an
 *       {@link org.chameleon.evaluation.Evaluator} trains small models under the {@link
 *       org.chameleon.evaluation.CandidateMixtures}, each a {@code TrialTask} that trains like the
 *       proxy, under its mixture, and is measured on {@code HeldOutWindows}; {@link
 *       org.chameleon.evaluation.Comparisons} and {@code Rule} judge, {@link
 *       org.chameleon.evaluation.Recommender} chooses. What is held out, {@link
 *       org.chameleon.sampling.HeldOut} says from the first stage on.
 *   <li>{@link org.chameleon.DomainChange} of a finished run adds, removes, merges and splits its
 *       domains: the main path again, over what the run has. {@link org.chameleon.Explanation} says
 *       what moved the weights of two runs.
 *   <li>{@link org.chameleon.Materialization} of a finished run writes the mixed corpus that its
 *       plan describes, with {@link org.chameleon.materialize.Materializer}.
 * </ol>
 *
 * <p>Around them:
 *
 * <ul>
 *   <li>{@code run} is a run as it lies in its directory. {@link org.chameleon.run.StageRunner}
 *       decides what can be reused and records the rest; a stage writes into a {@link
 *       org.chameleon.run.StageOutput}; {@link org.chameleon.run.RunDirectory} reads what others
 *       left, each thing by its type, and may begin from another run. {@link
 *       org.chameleon.run.RunChange} puts a change in place as a whole. {@link
 *       org.chameleon.run.RunStatus}, {@link org.chameleon.run.RunComparison} and {@link
 *       org.chameleon.run.Publication} look at finished runs.
 *   <li>{@code storage} is the bottom floor and knows no run: {@link
 *       org.chameleon.storage.Folder}s, files that are hashed while they are written and appear
 *       whole, one lock, one rule for what may be written over ({@link
 *       org.chameleon.storage.OwnFolder}), one {@link org.chameleon.storage.Verifier}.
 *   <li>{@code cluster} is what the stages ask of Spark: GPUs, counts, progress. {@code config}
 *       reads records and hides secrets. {@link org.chameleon.doctor.Doctor} looks at executors,
 *       {@code quickstart} unpacks a corpus, {@code cli} parses and prints.
 * </ul>
 *
 * <p>Imports point one way: config, storage, cluster, corpus, model, sampling, sequences, training,
 * embedding, mixture, plan, export, materialize, evaluation, report, doctor and quickstart, run,
 * this package and stages, cli. A test keeps it. The first test to read is {@code TutorialTest};
 * what to change for a new family, export, stage or key is in the README beside this file.
 */
package org.chameleon;
