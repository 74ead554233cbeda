package org.chameleon.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.RunConfig;
import picocli.CommandLine.Option;

/** Which run: its configuration, and what the command line says otherwise. */
final class RunOptions {
  @Option(names = "--config", required = true, description = "configuration file, local or a URI")
  private String config;

  @Option(names = "--output", description = "run directory, any Hadoop URI")
  private String output;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "a configuration value, such as embedding.partitions=7; repeatable")
  private Map<String, String> overrides = new LinkedHashMap<>();

  RunConfig load(Configuration hadoop) {
    Map<String, String> all = new LinkedHashMap<>(overrides);
    if (output != null) {
      all.put("output", output);
    }
    return RunConfig.load(config, all, hadoop);
  }
}
