package dev.carillon.server.command;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.http.Json;
import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.Cidr;
import dev.carillon.webhook.address.InternalNames;
import dev.carillon.webhook.address.NameResolver;
import dev.carillon.webhook.address.Verdict;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code carillon endpoint}. */
@Command(
    name = "endpoint",
    mixinStandardHelpOptions = true,
    description = "Look at endpoints.",
    synopsisSubcommandLabel = "COMMAND")
final class EndpointCommand implements Runnable {

  private static final int INVALID = 2;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new CommandFailed(INVALID, "a command is needed: carillon endpoint check");
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Say whether an endpoint's URL may be delivered to, and if not, why.",
      footer = {
        "",
        "It is judged as in production, with WEBHOOK_ALLOWED_CIDRS, WEBHOOK_ALLOW_HTTP and",
        "WEBHOOK_ALLOWED_PORTS of the environment. Exit code 2: refused, or bad usage."
      })
  int check(
      @Parameters(arity = "0..1", paramLabel = "URL", description = "the URL") @Nullable String url,
      @picocli.CommandLine.Mixin Rules rules,
      @Option(names = "--json", description = "print JSON: an object on a line") boolean json,
      @Option(
              names = "--file",
              paramLabel = "FILE",
              description = "read a URL a line from a file, - for standard input; prints JSON")
          @Nullable Path file)
      throws IOException {
    if ((url == null) == (file == null)) {
      throw new CommandFailed(INVALID, "either a URL or --file is needed");
    }
    try (Judge judge = rules.judge(System.getenv())) {
      PrintWriter out = CaseFile.out(spec);
      if (file == null) {
        return one(judge.judge(requireNonNull(url)).join(), json, out);
      }
      try (InputStream in = CaseFile.open(file)) {
        return all(in, judge, out);
      }
    }
  }

  private static int one(Finding finding, boolean json, PrintWriter out) {
    out.println(json ? finding.json() : finding.sentence());
    out.flush();
    return finding.allowed() ? 0 : INVALID;
  }

  private static int all(InputStream in, Judge judge, PrintWriter out) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    Queue<CompletableFuture<Finding>> pending = new ArrayDeque<>();
    boolean allAllowed = true;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.isBlank()) {
        pending.add(judge.judge(line));
      }
      boolean ready = lines.ready();
      allAllowed &= print(pending, ready ? Judge.MOST_AT_ONCE : 0, out);
      if (!ready) {
        out.flush();
      }
    }
    allAllowed &= print(pending, 0, out);
    out.flush();
    return allAllowed ? 0 : INVALID;
  }

  /** Prints the oldest until no more than so many are left; whether all of them were allowed. */
  private static boolean print(
      Queue<CompletableFuture<Finding>> pending, int left, PrintWriter out) {
    boolean allAllowed = true;
    while (pending.size() > left) {
      Finding finding = pending.remove().join();
      out.println(finding.json());
      allAllowed &= finding.allowed();
    }
    return allAllowed;
  }

  /** The flags that say what is allowed, on top of the environment. */
  static final class Rules {
    @Option(
        names = "--allow",
        paramLabel = "CIDR",
        description = "allow a block of addresses, as WEBHOOK_ALLOWED_CIDRS does; repeatable")
    List<String> allow = new ArrayList<>();

    @Option(names = "--allow-http", description = "allow http, as WEBHOOK_ALLOW_HTTP=true does")
    boolean allowHttp;

    @Option(names = "--local", description = "allow http and loopback, as local mode does")
    boolean local;

    @Option(names = "--no-resolve", description = "do not resolve names")
    boolean noResolve;

    Judge judge(Map<String, String> environment) {
      return new Judge(policy(environment), noResolve ? null : NameResolver.SYSTEM);
    }

    AddressPolicy policy(Map<String, String> environment) {
      List<Cidr> blocks = new ArrayList<>(variable(environment, "WEBHOOK_ALLOWED_CIDRS"));
      allow.forEach(block -> blocks.addAll(blocks(block, "--allow")));
      AddressPolicy policy =
          AddressPolicy.strict().withAllowed(blocks).withPorts(ports(environment));
      if (allowHttp || local || isHttpAllowed(environment)) {
        policy = policy.withHttp();
      }
      return local ? policy.withLoopback() : policy;
    }

    private static List<Cidr> variable(Map<String, String> environment, String name) {
      return blocks(environment.getOrDefault(name, ""), name);
    }

    private static List<Cidr> blocks(String text, String name) {
      try {
        return Cidr.parseList(text);
      } catch (IllegalArgumentException e) {
        throw new CommandFailed(INVALID, name + ": " + e.getMessage());
      }
    }

    private static boolean isHttpAllowed(Map<String, String> environment) {
      String text = environment.getOrDefault("WEBHOOK_ALLOW_HTTP", "").strip();
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true" -> true;
        case "false", "" -> false;
        default -> throw new CommandFailed(INVALID, "WEBHOOK_ALLOW_HTTP: true or false is allowed");
      };
    }

    private static Set<Integer> ports(Map<String, String> environment) {
      Set<Integer> ports = new HashSet<>();
      String text = environment.getOrDefault("WEBHOOK_ALLOWED_PORTS", "");
      for (String port : text.isBlank() ? new String[0] : text.split(",", -1)) {
        if (!port.strip().matches("[1-9]\\d{0,4}") || Integer.parseInt(port.strip()) > 65_535) {
          throw new CommandFailed(
              INVALID, "WEBHOOK_ALLOWED_PORTS: numbers from 1 to 65535 are allowed, with commas");
        }
        ports.add(Integer.valueOf(port.strip()));
      }
      return ports;
    }
  }

  /** What was found out about a URL. */
  record Finding(boolean allowed, String why) {
    static Finding of(Verdict verdict) {
      return switch (verdict) {
        case Verdict.Allowed _ -> new Finding(true, "");
        case Verdict.Refused refused -> new Finding(false, refused.reason());
      };
    }

    String json() {
      ObjectNode json = Json.object().put("allowed", allowed);
      if (!why.isEmpty()) {
        json.put(allowed ? "note" : "reason", why);
      }
      return json.toString();
    }

    String sentence() {
      return (allowed ? "allowed" : "refused") + (why.isEmpty() ? "" : ": " + why);
    }
  }

  /**
   * Judges URLs, at most so many of them at once, and waits for no resolver longer than it says.
   */
  static final class Judge implements AutoCloseable {

    static final int MOST_AT_ONCE = 128;

    /** The longest that a name's addresses are waited for. */
    static final Duration LONGEST_LOOKUP = Duration.ofSeconds(2);

    /**
     * How long lookups may take altogether and bring no address; then the resolver is not asked any
     * more. One that brings an address makes it good.
     */
    static final Duration MOST_LOST = LONGEST_LOOKUP.multipliedBy(2L * MOST_AT_ONCE);

    private static final String UNRESOLVED =
        "the name does not resolve here; decided again at every attempt";
    private static final String NOT_ASKED =
        "the name was not resolved; decided again at every attempt";

    private static final InetAddress[] NONE = {};

    private final AddressPolicy policy;
    private final @Nullable NameResolver resolver;
    private final ExecutorService lookups = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong lostNanos = new AtomicLong();

    Judge(AddressPolicy policy, @Nullable NameResolver resolver) {
      this.policy = policy;
      this.resolver = resolver;
    }

    CompletableFuture<Finding> judge(String url) {
      return switch (policy.check(url)) {
        case Verdict.Allowed allowed when allowed.addresses().isEmpty() && allowed.url() != null ->
            named(allowed.url().getHost());
        case Verdict verdict -> CompletableFuture.completedFuture(Finding.of(verdict));
      };
    }

    private CompletableFuture<Finding> named(String host) {
      NameResolver asked = resolver;
      if (asked == null || lostNanos.get() >= MOST_LOST.toNanos()) {
        return CompletableFuture.completedFuture(unresolved(host, NOT_ASKED));
      }
      long start = System.nanoTime();
      return CompletableFuture.supplyAsync(() -> addresses(asked, host), lookups)
          .completeOnTimeout(NONE, LONGEST_LOOKUP.toMillis(), TimeUnit.MILLISECONDS)
          .thenApply(addresses -> finding(host, addresses, System.nanoTime() - start));
    }

    private static InetAddress[] addresses(NameResolver resolver, String host) {
      try {
        return resolver.resolve(host);
      } catch (UnknownHostException _) {
        return NONE;
      }
    }

    private Finding finding(String host, InetAddress[] addresses, long nanos) {
      if (addresses.length == 0) {
        lostNanos.addAndGet(nanos);
        return unresolved(host, UNRESOLVED);
      }
      lostNanos.set(0);
      Finding finding = Finding.of(policy.addresses(addresses));
      return finding.allowed() ? finding : new Finding(false, host + ": " + finding.why());
    }

    private static Finding unresolved(String host, String note) {
      // Who allows loopback allows its name.
      String internal = InternalNames.isLocalhost(host) ? null : InternalNames.reason(host);
      return internal == null ? new Finding(true, note) : new Finding(false, internal);
    }

    /** Does not wait for lookups that were given up. */
    @Override
    public void close() {
      lookups.shutdownNow();
    }
  }
}
