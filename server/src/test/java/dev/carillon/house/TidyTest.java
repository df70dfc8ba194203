package dev.carillon.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The numbers of the house: nothing grows until nobody wants to read it. */
class TidyTest {

  private static final int MAX_FILE_LINES = 350;
  private static final int MAX_TEST_FILE_LINES = 500;
  private static final int MAX_METHOD_LINES = 40;
  private static final int MAX_TEST_METHOD_LINES = 60;
  private static final int MAX_SUPPRESSIONS = 5;

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @Test
  void filesAreShort() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : sources()) {
      int most = isTest(file) ? MAX_TEST_FILE_LINES : MAX_FILE_LINES;
      long lines = Files.readAllLines(file).size();
      if (lines > most) {
        tooLong.add("%s: %d lines".formatted(ROOT.relativize(file), lines));
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void methodsAreShort() throws IOException {
    assertThat(longMethods()).isEmpty();
  }

  @Test
  void suppressionsAreRare() throws IOException {
    long suppressions = 0;
    for (Path file : sources()) {
      if (!file.endsWith("TidyTest.java")) {
        suppressions += Files.readString(file).split("@SuppressWarnings", -1).length - 1;
      }
    }
    assertThat(suppressions).isLessThanOrEqualTo(MAX_SUPPRESSIONS);
  }

  @Test
  void noTestIsSwitchedOffNorSleeps() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : sources()) {
      String text = Files.readString(file);
      if (isTest(file)
          && !file.endsWith("TidyTest.java")
          && (text.contains("@Disabled") || text.contains("Thread.sleep"))) {
        found.add(ROOT.relativize(file).toString());
      }
    }
    assertThat(found).isEmpty();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      List<Path> sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> file.toString().contains("/src/"))
              .toList();
      assertThat(sources).hasSizeGreaterThan(50);
      return sources;
    }
  }

  private static boolean isTest(Path file) {
    return file.toString().contains("/src/test/") || file.toString().endsWith("Contract.java");
  }

  private static List<String> longMethods() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> found = new ArrayList<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources()));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new MethodLengths(unit, positions, found).scan(unit, 0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static final class MethodLengths extends TreeScanner<Void, Integer> {

    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> found;

    MethodLengths(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
      this.unit = unit;
      this.positions = positions;
      this.found = found;
    }

    @Override
    public Void visitMethod(MethodTree method, Integer depth) {
      Tree body = method.getBody();
      if (body != null) {
        Path file = Path.of(unit.getSourceFile().toUri());
        long lines = line(positions.getEndPosition(unit, body)) - line(start(body)) - 1;
        if (lines > (isTest(file) ? MAX_TEST_METHOD_LINES : MAX_METHOD_LINES)) {
          found.add("%s#%s: %d lines".formatted(ROOT.relativize(file), method.getName(), lines));
        }
      }
      return super.visitMethod(method, depth);
    }

    private long start(Tree body) {
      return positions.getStartPosition(unit, body);
    }

    private long line(long position) {
      LineMap lines = unit.getLineMap();
      return lines.getLineNumber(position);
    }
  }
}
