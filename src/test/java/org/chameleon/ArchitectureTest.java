package org.chameleon;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;

/**
 * Imports point upstream only, in the order of the data's way through the stages; runs see the
 * stages' results, the root package and the command line see all.
 */
@AnalyzeClasses(packages = "org.chameleon", importOptions = ArchitectureTest.MainCode.class)
class ArchitectureTest {
  /** What is compiled from main, in whichever folder the build is. */
  static final class MainCode implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/");
    }
  }

  private static final List<String> UPSTREAM_FIRST =
      List.of(
          "config",
          "storage",
          "cluster",
          "corpus",
          "model",
          "sampling",
          "sequences",
          "training",
          "embedding",
          "mixture",
          "plan",
          "export",
          "materialize",
          "evaluation",
          "report",
          "doctor",
          "quickstart",
          "run");

  @ArchTest
  static void importsPointUpstream(JavaClasses classes) {
    for (int i = 0; i < UPSTREAM_FIRST.size(); i++) {
      String[] downstream =
          IntStream.range(i + 1, UPSTREAM_FIRST.size())
              .mapToObj(j -> "org.chameleon." + UPSTREAM_FIRST.get(j) + "..")
              .toArray(String[]::new);
      String stage = "org.chameleon." + UPSTREAM_FIRST.get(i) + "..";
      noClasses()
          .that()
          .resideInAPackage(stage)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.chameleon")
          .check(classes);
      if (downstream.length > 0) {
        noClasses()
            .that()
            .resideInAPackage(stage)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(downstream)
            .check(classes);
      }
      noClasses()
          .that()
          .resideInAPackage(stage)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.chameleon.stages..")
          .check(classes);
    }
  }

  @ArchTest
  static void nobodySeesTheCommandLine(JavaClasses classes) {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.chameleon.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.chameleon.cli..")
        .check(classes);
  }

  @ArchTest
  static void mathsIsPure(JavaClasses classes) {
    noClasses()
        .that()
        .resideInAPackage("org.chameleon.mixture..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "ai.djl..", "org.apache.hadoop..", "org.apache.spark.sql..", "java.nio..")
        .check(classes);
    noClasses()
        .that()
        .resideInAPackage("org.chameleon.mixture..")
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("java.io..")
                .and(DescribedPredicate.not(JavaClass.Predicates.type(Serializable.class))))
        .check(classes);
  }

  @ArchTest
  static void storageKnowsNoRun(JavaClasses classes) {
    noClasses()
        .that()
        .resideInAPackage("org.chameleon.storage..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.chameleon.run..", "org.chameleon.corpus..")
        .check(classes);
  }

  @ArchTest
  static void filesAreWrittenByStorageAlone(JavaClasses classes) {
    noClasses()
        .that()
        .resideInAnyPackage("org.chameleon..")
        .and()
        .resideOutsideOfPackages("org.chameleon.storage..", "org.chameleon.quickstart..")
        .should()
        .callMethodWhere(
            target(owner(assignableTo(FileSystem.class)))
                .and(target(nameMatching("create|rename|delete|mkdirs"))))
        .check(classes);
  }

  @ArchTest
  static void theRootPackageIsSmall(JavaClasses classes) {
    assertThat(
            classes.stream()
                .filter(type -> type.getPackageName().equals("org.chameleon"))
                .filter(
                    type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .map(JavaClass::getSimpleName))
        .hasSizeLessThanOrEqualTo(8);
  }
}
