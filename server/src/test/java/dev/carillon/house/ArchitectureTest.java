package dev.carillon.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The picture in docs/architecture.md, as rules. */
class ArchitectureTest {

  /** A package of core may import only packages to its left. */
  private static final List<String> CORE =
      List.of("time", "event", "retry", "target", "store", "engine", "memory");

  /** The same for those of refresh. */
  private static final List<String> REFRESH =
      List.of("request", "queue", "pace", "source", "record", "drain", "clash");

  /** The same for those of view. */
  private static final List<String> VIEW =
      List.of(
          "definition",
          "catalog",
          "full",
          "capture",
          "keeper",
          "ledger",
          "keyed",
          "upkeep",
          "registry",
          "job",
          "optimisation",
          "doctor");

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.carillon");

  @Test
  void theRulesSeeEveryModule() {
    assertThat(ALL.stream().map(type -> type.getPackageName()))
        .contains(
            "dev.carillon.engine",
            "dev.carillon.postgres",
            "dev.carillon.webhook.delivery",
            "dev.carillon.schedule.expression",
            "dev.carillon.refresh.drain",
            "dev.carillon.view.catalog",
            "dev.carillon.birthday",
            "dev.carillon.testkit",
            "dev.carillon.server");
  }

  @Test
  void noPackagesImportEachOtherInACycle() {
    slices().matching("dev.carillon.(**)").should().beFreeOfCycles().check(ALL);
  }

  @TestFactory
  Stream<DynamicTest> aCorePackageImportsOnlyPackagesToItsLeft() {
    return CORE.stream()
        .filter(name -> !name.equals(CORE.getLast()))
        .map(name -> DynamicTest.dynamicTest(name, () -> onlyLeftOf("", CORE, name).check(ALL)));
  }

  @TestFactory
  Stream<DynamicTest> aPackageOfRefreshImportsOnlyPackagesToItsLeft() {
    return REFRESH.stream()
        .filter(name -> !name.equals(REFRESH.getLast()))
        .map(name ->
            DynamicTest.dynamicTest(name, () -> onlyLeftOf("refresh.", REFRESH, name).check(ALL)));
  }

  @TestFactory
  Stream<DynamicTest> aPackageOfViewImportsOnlyPackagesToItsLeft() {
    return VIEW.stream()
        .filter(name -> !name.equals(VIEW.getLast()))
        // Some have a place in the order before they are there.
        .filter(name -> ALL.stream().anyMatch(resideInAPackage("dev.carillon.view." + name)))
        .map(name ->
            DynamicTest.dynamicTest(name, () -> onlyLeftOf("view.", VIEW, name).check(ALL)));
  }

  @Test
  void coreKnowsOnlyTheJdkAndItsLoggingAndNullnessApis() {
    List<String> allowed = new ArrayList<>(List.of("java..", "org.slf4j..", "org.jspecify.."));
    CORE.forEach(name -> allowed.add("dev.carillon." + name));
    classes()
        .that(resideInAnyPackage(corePackages()))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new))
        .check(ALL);
  }

  @Test
  void coreKnowsNoSql() {
    noClasses()
        .that(resideInAnyPackage(corePackages()))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..")
        .check(ALL);
  }

  @Test
  void targetsAndTablesDoNotKnowEachOther() {
    knowsNot("webhook", "schedule", "refresh", "view", "birthday", "server", "testkit");
    knowsNot("schedule", "webhook", "refresh", "view", "birthday", "server", "testkit");
    knowsNot("refresh", "webhook", "schedule", "view", "birthday", "server", "testkit");
    knowsNot("view", "webhook", "schedule", "refresh", "birthday", "server", "testkit");
    knowsNot("postgres", "webhook", "schedule", "refresh", "view", "birthday", "server", "testkit");
    knowsNot("birthday", "webhook", "schedule", "refresh", "view", "server", "testkit");
    knowsNot("testkit", "postgres", "webhook", "schedule", "refresh", "view", "birthday", "server");
  }

  @Test
  void onlyTheServerKnowsItsFramework() {
    noClasses()
        .that(not(resideInAnyPackage("dev.carillon.server..")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.quarkus..", "jakarta..", "io.vertx..", "org.eclipse.microprofile..")
        .check(ALL);
  }

  @TestFactory
  Stream<DynamicTest> nobodyButTheWiringLooksAtTheWallClock() {
    return Stream.of(
            Instant.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            Year.class)
        .map(type ->
            DynamicTest.dynamicTest(
                type.getSimpleName(), () -> outsideTheWiring(type, "now").check(ALL)));
  }

  @Test
  void nobodyButTheWiringMakesAWallClock() {
    outsideTheWiring(Clock.class, "systemUTC").check(ALL);
    outsideTheWiring(Clock.class, "systemDefaultZone").check(ALL);
    outsideTheWiring(InstantSource.class, "system").check(ALL);
    outsideTheWiring(System.class, "currentTimeMillis").check(ALL);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)(\\$.*)?").check(ALL);
  }

  private static ArchRule onlyLeftOf(String module, List<String> order, String name) {
    int index = order.indexOf(name);
    String[] right =
        order.subList(index + 1, order.size()).stream()
            .map(other -> "dev.carillon." + module + other + "..")
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage("dev.carillon." + module + name)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(right);
  }

  private static void knowsNot(String module, String... others) {
    noClasses()
        .that()
        .resideInAPackage("dev.carillon." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            Stream.of(others).map(other -> "dev.carillon." + other + "..").toArray(String[]::new))
        .check(ALL);
  }

  private static ArchRule outsideTheWiring(Class<?> type, String method) {
    return noClasses()
        .that(not(resideInAnyPackage("dev.carillon.server.wiring", "dev.carillon.server.command")))
        .and(not(resideInAnyPackage("dev.carillon.testkit")))
        .should()
        .callMethod(type, method);
  }

  private static String[] corePackages() {
    return CORE.stream().map(name -> "dev.carillon." + name).toArray(String[]::new);
  }
}
