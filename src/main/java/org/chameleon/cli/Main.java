package org.chameleon.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.chameleon.config.Build;
import org.chameleon.config.ConfigurationException;
import org.chameleon.config.Failures;
import org.chameleon.config.Secrets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration. */
@Command(
    name = "chameleon",
    description = "How much of each domain a language model should be trained on.",
    footerHeading = "%nExample:%n",
    footer = "  chameleon run --config conf/quickstart.conf",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      RunCommand.class,
      AddCommand.class,
      RemoveCommand.class,
      MergeCommand.class,
      SplitCommand.class,
      EvaluateCommand.class,
      StatusCommand.class,
      MaterializeCommand.class,
      VerifyCommand.class,
      DiffCommand.class,
      PublishCommand.class,
      DoctorCommand.class
    })
public final class Main {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "print the stack trace of a failure")
  private boolean verbose;

  /** Runs the command that the arguments name, and exits. */
  public static void main(String[] arguments) {
    int code = execute(arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Schedulers set this variable, and look for the line. */
  private static final String SAY_WHETHER_TO_RETRY = "CHAMELEON_SAY_WHETHER_TO_RETRY";

  /** What is said of a failure that would come again. */
  static final String FUTILE = "Trying again cannot help: it would fail again.";

  /** Runs the command that the arguments name, and returns its exit code. */
  public static int execute(String... arguments) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    line.getSubcommands().values().forEach(Main::addHelp);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, command, parsed) -> main.report(failure, command));
    try {
      return line.execute(arguments);
    } catch (Error error) {
      // A library that cannot be loaded, or no memory: said like any other failure.
      return main.report(error, line);
    }
  }

  private static void addHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help message and exit.")
                .build());
  }

  private int report(Throwable failure, CommandLine command) {
    if (verbose) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace, true));
      command.getErr().print(Secrets.hidden(trace.toString()));
    }
    command.getErr().println(Failures.message(failure));
    if (System.getenv(SAY_WHETHER_TO_RETRY) != null && !Failures.mayPass(failure)) {
      command.getErr().println(FUTILE);
    }
    return failure instanceof ConfigurationException ? WRONG_USAGE : FAILED;
  }

  /** What {@code --version} prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"chameleon " + Build.current().version()};
    }
  }
}
