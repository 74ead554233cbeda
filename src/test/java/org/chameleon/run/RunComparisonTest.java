package org.chameleon.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.data.Offset;
import org.chameleon.mixture.Mixture;
import org.chameleon.plan.Evidence;
import org.chameleon.plan.Plans;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.plan.Verdict;
import org.chameleon.storage.Existing;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.InputPaths;
import org.chameleon.storage.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said to differ between two runs. */
class RunComparisonTest {
  private static final Offset<Double> CLOSE = within(1e-12);

  private static final List<Stage> NEEDS = List.of(Stage.TRAIN, Stage.EMBED, Stage.MIX, Stage.PLAN);

  @TempDir private Path folder;

  @Test
  void whatMovedIsSaidDomainByDomain() throws IOException {
    RunDirectory before = run("before", Map.of(), Map.of("a", 0.5, "b", 0.3, "c", 0.2));
    RunDirectory after = run("after", Map.of(), Map.of("a", 0.4, "c", 0.25, "d", 0.35));
    RunComparison moved = RunComparison.of(before, after);
    assertThat(moved.domains())
        .extracting(RunComparison.Change::name)
        .containsExactly("a", "b", "c", "d");
    assertThat(moved.domains())
        .extracting(RunComparison.Change::before)
        .containsExactly(0.5, 0.3, 0.2, null);
    assertThat(moved.domains())
        .extracting(RunComparison.Change::after)
        .containsExactly(0.4, null, 0.25, 0.35);
    assertThat(moved.domains().get(1).change()).isCloseTo(-0.3, CLOSE);
    assertThat(moved.domains().get(3).dataBefore()).isNull();
    assertThat(moved.domains().get(3).dataAfter()).isEqualTo(0.0875);
    assertThat(moved.come()).containsExactly("d");
    assertThat(moved.gone()).containsExactly("b");
    assertThat(moved.largestChange()).isCloseTo(0.35, CLOSE);
    assertThat(moved.totalVariation()).isCloseTo(0.4, CLOSE);
    assertThat(moved.furthest().name()).isEqualTo("d");
    assertThat(moved.settings()).isEmpty();
  }

  @Test
  void theOtherWayRoundEveryChangeHasTheOtherSign() throws IOException {
    RunDirectory one = run("one", Map.of(), Map.of("a", 0.5, "b", 0.5));
    RunDirectory other = run("other", Map.of(), Map.of("a", 0.7, "c", 0.3));
    RunComparison there = RunComparison.of(one, other);
    RunComparison back = RunComparison.of(other, one);
    for (int i = 0; i < there.domains().size(); i++) {
      assertThat(back.domains().get(i).change()).isCloseTo(-there.domains().get(i).change(), CLOSE);
    }
    assertThat(back.come()).isEqualTo(there.gone());
    assertThat(back.totalVariation()).isEqualTo(there.totalVariation());
  }

  @Test
  void aRunDoesNotDifferFromItself() throws IOException {
    RunDirectory run = run("run", Map.of("seed", 17), Map.of("a", 0.5, "b", 0.5));
    RunComparison same = RunComparison.of(run, run);
    assertThat(same.largestChange()).isZero();
    assertThat(same.totalVariation()).isZero();
    assertThat(same.settings()).isEmpty();
  }

  @Test
  void settingsAndVersionsThatDifferAreNamedByTheirKeys() throws IOException {
    Map<String, Object> old = new TreeMap<>(Map.of("output", "x", "seed", 17));
    old.put("mixture", Map.of("lambda", 0.29, "objective", "pretrain"));
    old.put("plan", Map.of("exports", List.of("trl")));
    Map<String, Object> changed = new TreeMap<>(Map.of("output", "y", "seed", 17));
    changed.put("mixture", Map.of("lambda", 0.5, "objective", "pretrain"));
    changed.put("plan", Map.of("exports", List.of("trl", "grain"), "tokens", 1000));
    RunDirectory before = run("before", old, Map.of("a", 1.0));
    RunDirectory after = run("after", changed, Map.of("a", 1.0));
    edit(after, "\"spark\" : \"3\"", "\"spark\" : \"4\"");
    edit(after, "\"device\" : \"cpu\"", "\"device\" : \"gpu:0\"");
    assertThat(RunComparison.of(before, after).settings())
        .containsExactly(
            new RunComparison.Difference("embedding computed on", "cpu float32", "gpu:0 float32"),
            new RunComparison.Difference("mixture.lambda", "0.29", "0.5"),
            new RunComparison.Difference("plan.exports", "[\"trl\"]", "[\"trl\",\"grain\"]"),
            new RunComparison.Difference("plan.tokens", null, "1000"),
            new RunComparison.Difference("versions.spark", "3", "4"));
  }

  @Test
  void whatTrainersAreToldOfIsComparedWhereBothRunsHavePlanned() throws IOException {
    Map<String, Double> computed = Map.of("a", 0.176, "b", 0.824);
    RunDirectory before = run("before", Map.of(), computed);
    RunDirectory after = run("after", Map.of(), computed);
    assertThat(RunComparison.of(before, after).compared())
        .isEqualTo(RunComparison.Compared.COMPUTED);
    plan(before, Map.of("a", 0.176, "b", 0.824));
    assertThat(RunComparison.of(before, after).compared())
        .isEqualTo(RunComparison.Compared.COMPUTED);
    plan(after, Map.of("a", 0.03, "b", 0.97));
    RunComparison moved = RunComparison.of(before, after);
    assertThat(moved.compared()).isEqualTo(RunComparison.Compared.PLANNED);
    assertThat(moved.largestChange()).isCloseTo(0.146, CLOSE);
    RunComparison.Change a = moved.domains().get(0);
    assertThat(a.before()).isEqualTo(0.176);
    assertThat(a.after()).isEqualTo(0.03);
    assertThat(a.planned()).isEqualTo(new RunComparison.Pair(0.176, 0.03));
    assertThat(a.computed()).isEqualTo(new RunComparison.Pair(0.176, 0.176));
    edit(after, "\"plan\" : {", "\"old plan\" : {");
    assertThat(RunComparison.of(before, after).largestChange()).isZero();
  }

  @Test
  void weightsAreRankedOverTheDomainsOfBothRunsWithMiddleRanksForTies() throws IOException {
    RunDirectory before =
        run("before", Map.of(), Map.of("a", .1, "b", .2, "c", .2, "d", .3, "gone", .2));
    RunDirectory after =
        run("after", Map.of(), Map.of("a", .1, "b", .3, "c", .2, "come", .1, "d", .3));
    // Ranks 1, 2.5, 2.5, 4 and 1, 3.5, 2, 3.5: covariance 3.75, variances 4.5 and 4.5.
    RunComparison moved = RunComparison.of(before, after);
    assertThat(moved.common()).isEqualTo(4);
    assertThat(moved.rankCorrelation()).isCloseTo(3.75 / 4.5, CLOSE);
    assertThat(RunComparison.of(before, before).rankCorrelation()).isCloseTo(1, CLOSE);
  }

  @Test
  void theOtherOrderIsACorrelationOfMinusOne() throws IOException {
    RunDirectory up = run("up", Map.of(), Map.of("a", .1, "b", .2, "c", .7));
    RunDirectory down = run("down", Map.of(), Map.of("a", .6, "b", .3, "c", .1));
    assertThat(RunComparison.of(up, down).rankCorrelation()).isCloseTo(-1, CLOSE);
  }

  @Test
  void theRanksAreThoseOfTheWeightsThatAreCompared() throws IOException {
    Map<String, Double> computed = Map.of("a", .2, "b", .3, "c", .5);
    RunDirectory before = run("before", Map.of(), computed);
    RunDirectory after = run("after", Map.of(), computed);
    plan(before, computed);
    plan(after, Map.of("a", .5, "b", .3, "c", .2));
    assertThat(RunComparison.of(before, after).rankCorrelation()).isCloseTo(-1, CLOSE);
  }

  @Test
  void fewerThanThreeDomainsOrEqualWeightsHaveNoRankCorrelation() throws IOException {
    RunDirectory before = run("before", Map.of(), Map.of("a", .2, "b", .3, "c", .5));
    RunDirectory after = run("after", Map.of(), Map.of("a", .2, "b", .3, "d", .5));
    RunDirectory equal = run("equal", Map.of(), Map.of("a", .25, "b", .25, "c", .25, "d", .25));
    assertThat(RunComparison.of(before, after).rankCorrelation()).isNull();
    assertThat(RunComparison.of(before, equal).rankCorrelation()).isNull();
  }

  @Test
  void proxiesAreTheSameIfAllTheirFilesAre() throws IOException {
    Map<String, Double> weights = Map.of("a", 1.0);
    RunDirectory trained = run("trained", Map.of(), weights);
    proxy(trained, "gpt2", Map.of("model.safetensors", "w", "training.json", "log"));
    RunDirectory copied = run("copied", Map.of(), weights);
    proxy(copied, "gpt2", Map.of("model.safetensors", "w"));
    RunDirectory other = run("other", Map.of(), weights);
    proxy(other, "bert", Map.of("model.safetensors", "wider"));
    RunDirectory retokenized = run("retokenized", Map.of(), weights);
    proxy(retokenized, "gpt2", Map.of("model.safetensors", "w", "tokenizer.json", "t"));
    RunDirectory external = run("external", Map.of(), weights);

    RunComparison same = RunComparison.of(trained, copied);
    assertThat(same.proxies().differ()).isFalse();
    assertThat(same.proxies().before()).isEqualTo(same.proxies().after());
    ProxyIdentity bert = RunComparison.of(trained, other).proxies().after();
    assertThat(bert.type()).isEqualTo("bert");
    assertThat(bert.bytes()).isEqualTo("{\"model_type\": \"bert\"}".length() + 5);
    assertThat(bert.sha256())
        .matches("[0-9a-f]{64}")
        .isNotEqualTo(same.proxies().before().sha256());
    assertThat(RunComparison.of(trained, other).proxies().differ()).isTrue();
    assertThat(RunComparison.of(trained, retokenized).proxies().differ()).isTrue();
    assertThat(RunComparison.of(trained, external).proxies().after()).isNull();
    assertThat(RunComparison.of(trained, external).proxies().differ()).isTrue();
    assertThat(RunComparison.of(external, external).proxies().differ()).isFalse();
  }

  @Test
  void aProxyThatAnEarlierConfigurationLeftIsNotTheRuns() throws IOException {
    RunDirectory run = run("run", Map.of(), Map.of("a", 1.0));
    proxy(run, "gpt2", Map.of("model.safetensors", "w"));
    edit(run, "\"needs\" : [ \"train\", ", "\"needs\" : [ ");
    assertThat(RunComparison.of(run, run).proxies().before()).isNull();
  }

  @Test
  void theTypeOfAProxyWithoutAConfigurationIsNotKnown() throws IOException {
    RunDirectory run = run("run", Map.of(), Map.of("a", 1.0));
    proxy(run, "gpt2", Map.of("model.safetensors", "w"));
    Files.delete(Path.of(URI.create(run.folder().uri("proxy/config.json"))));
    ProxyIdentity proxy = RunComparison.of(run, run).proxies().before();
    assertThat(proxy.type()).isNull();
    assertThat(proxy.bytes()).isPositive();
  }

  /** Adds a proxy to a run: its configuration and other files. */
  private static void proxy(RunDirectory directory, String type, Map<String, String> files)
      throws IOException {
    Map<String, String> all = new TreeMap<>(files);
    all.put("config.json", "{\"model_type\": \"%s\"}".formatted(type));
    Path folder = Path.of(URI.create(directory.folder().uri("proxy")));
    Files.createDirectories(folder);
    List<FileRecord> records = new ArrayList<>();
    for (Map.Entry<String, String> file : all.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
      records.add(
          new FileRecord(
              "proxy/" + file.getKey(),
              file.getValue().length(),
              DigestUtils.sha256Hex(file.getValue()),
              null));
    }
    try (RunDirectory open =
        RunDirectory.prepare(
            directory.toString(), Existing.RESUME, InputPaths.NONE, new Configuration())) {
      open.write(
          open.record()
              .with(
                  Stage.TRAIN,
                  new StageRecord(
                      StageRecord.Status.DONE,
                      "f",
                      "",
                      0,
                      records,
                      null,
                      null,
                      Counts.NONE,
                      new java.util.TreeMap<>())));
    }
  }

  @Test
  void evidenceDiffersByItsVerdictAndNotByItsNumbers() throws IOException {
    Map<String, Double> weights = Map.of("a", 1.0);
    RunDirectory none = run("none", Map.of(), weights);
    RunDirectory worse = run("worse", Map.of(), weights);
    RunDirectory again = run("again", Map.of(), weights);
    RunDirectory better = run("better", Map.of(), weights);
    plan(none, weights);
    plan(worse, weights, new Evidence("computed", Verdict.WORSE, "uniform", .2, .1, .3, "uniform"));
    plan(again, weights, new Evidence("computed", Verdict.WORSE, "uniform", .4, .3, .5, "uniform"));
    plan(
        better,
        weights,
        new Evidence("computed", Verdict.BETTER, "uniform", -.2, -.3, -.1, "computed"));
    assertThat(RunComparison.of(none, none).evidence().differ()).isFalse();
    assertThat(RunComparison.of(none, worse).evidence().differ()).isTrue();
    assertThat(RunComparison.of(worse, none).evidence().differ()).isTrue();
    assertThat(RunComparison.of(worse, again).evidence().differ()).isFalse();
    RunComparison moved = RunComparison.of(worse, better);
    assertThat(moved.evidence().differ()).isTrue();
    assertThat(moved.evidence().before().verdict()).isEqualTo(Verdict.WORSE);
    assertThat(moved.evidence().after().verdict()).isEqualTo(Verdict.BETTER);
  }

  /** Adds a plan to a run. */
  private static void plan(RunDirectory directory, Map<String, Double> weights) throws IOException {
    plan(directory, weights, null);
  }

  private static void plan(RunDirectory directory, Map<String, Double> weights, Evidence evidence)
      throws IOException {
    List<SamplingPlan.Domain> domains = new ArrayList<>();
    new TreeMap<>(weights)
        .forEach(
            (name, weight) ->
                domains.add(
                    new SamplingPlan.Domain(
                        name, weight, weight, List.of(), null, null, null, null, null, null, null,
                        false, List.of())));
    SamplingPlan plan =
        new SamplingPlan(
            1, "tokens", null, 8, 1, null, domains, List.of(), List.of(), evidence, List.of());
    Path run = Path.of(URI.create(directory.folder().uri("")));
    Files.createDirectories(run.resolve("plan"));
    Files.writeString(run.resolve("plan/manifest.json"), Json.text(plan));
    try (RunDirectory open =
        RunDirectory.prepare(
            directory.toString(), Existing.RESUME, InputPaths.NONE, new Configuration())) {
      open.write(open.record().with(Stage.PLAN, done(Counts.NONE)));
    }
  }

  @Test
  void twoContainersOfOneAccountAreTwoCorpora() throws IOException {
    String uri = "abfss://%s@account.dfs.core.windows.net/corpus";
    RunDirectory one = run("one", corpus(uri.formatted("web")), Map.of("a", 1.0));
    RunDirectory two = run("two", corpus(uri.formatted("code")), Map.of("a", 1.0));
    assertThat(RunComparison.of(one, two).settings())
        .containsExactly(
            new RunComparison.Difference(
                "corpus.path", uri.formatted("web"), uri.formatted("code")));
    RunDirectory alice = run("alice", corpus("s3a://alice:p/w@b/c"), Map.of("a", 1.0));
    RunDirectory bob = run("bob", corpus("s3a://bob:w/p@b/c"), Map.of("a", 1.0));
    assertThat(RunComparison.of(alice, bob).settings()).isEmpty();
  }

  private static Map<String, ?> corpus(String path) {
    return Map.of("corpus", Map.of("path", path));
  }

  @Test
  void aRunWithoutAMixtureIsRefused() throws IOException {
    RunDirectory run = run("run", Map.of(), Map.of("a", 1.0));
    RunDirectory none = RunDirectory.at(folder.resolve("none").toString(), new Configuration());
    assertThatThrownBy(() -> RunComparison.of(run, none))
        .hasMessage(
            "Cannot compare " + none + ": it has no run.json. Give the directory of a run.");
    edit(run, "\"status\" : \"done\"", "\"status\" : \"stale\"");
    assertThatThrownBy(() -> RunComparison.of(run, run))
        .hasMessage(
            "Cannot compare %s: its stage mix was not made by its last attempt. Run it again with --resume."
                .formatted(run));
  }

  /** Returns a run that has embedded and mixed. */
  private RunDirectory run(String name, Map<String, ?> settings, Map<String, Double> weights)
      throws IOException {
    String uri = Files.createDirectories(folder.resolve(name)).toString();
    Mixture mixture = mixture(new TreeMap<>(weights));
    try (RunDirectory run =
        RunDirectory.prepare(uri, Existing.RESUME, InputPaths.NONE, new Configuration())) {
      Files.writeString(folder.resolve(name).resolve("mixture.json"), Json.text(mixture));
      RunRecord start = Provenance.of(Json.configuration(settings), name, "3", NEEDS);
      Counts computed = Counts.NONE.with(Counts.DEVICE, "cpu").with(Counts.PRECISION, "float32");
      run.write(start.with(Stage.EMBED, done(computed)).with(Stage.MIX, done(Counts.NONE)));
    }
    return RunDirectory.at(uri, new Configuration());
  }

  private static StageRecord done(Counts counts) {
    return new StageRecord(
        StageRecord.Status.DONE,
        "f",
        "",
        0,
        List.of(),
        null,
        null,
        counts,
        new java.util.TreeMap<>());
  }

  private static Mixture mixture(Map<String, Double> weights) {
    List<Mixture.Domain> domains = new ArrayList<>();
    weights.forEach(
        (name, weight) ->
            domains.add(
                new Mixture.Domain(
                    name,
                    weight,
                    0,
                    0,
                    1,
                    0,
                    weight / 4,
                    0.0,
                    1.0,
                    weight,
                    null,
                    1,
                    null,
                    null,
                    null)));
    return Plans.mixture(domains);
  }

  private static void edit(RunDirectory run, String old, String replacement) throws IOException {
    Path file = Path.of(URI.create(run.folder().uri("run.json")));
    String text = Files.readString(file);
    assertThat(text).contains(old);
    Files.writeString(file, text.replace(old, replacement));
  }
}
