package dev.carillon.webhook.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {

  private static final AddressPolicy STRICT = AddressPolicy.strict();
  private static final AddressPolicy LOCAL = STRICT.withHttp().withLoopback();
  private static final InetAddress PUBLIC = InetAddress.ofLiteral("93.184.215.14");
  private static final InetAddress PRIVATE = InetAddress.ofLiteral("10.0.0.1");

  @ParameterizedTest
  @CsvSource({
    "https://example.com, https://example.com",
    "HTTPS://Example.COM./Hook?A=b, https://example.com/Hook?A=b",
    "https://example.com:8443/, https://example.com:8443/",
    "https://example.com?x=http://127.0.0.1/@a:1, https://example.com?x=http://127.0.0.1/@a:1",
    "https://8.8.8.8., https://8.8.8.8",
    "https://[2606:4700:4700:0::1111]:1024/, https://[2606:4700:4700::1111]:1024/",
    "https://[::ffff:8.8.8.8]/, https://8.8.8.8/",
    "https://[64:ff9b::8.8.8.8]/, https://[64:ff9b::808:808]/",
    "https://example.com/häk, https://example.com/h%C3%A4k"
  })
  void anOrdinaryUrlIsAllowedInItsNormalForm(String url, String normal) {
    assertThat(STRICT.check(url))
        .isInstanceOfSatisfying(
            Verdict.Allowed.class, it -> assertThat(it.url()).isEqualTo(URI.create(normal)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          http://example.com/ | must begin with https://
          ftp://example.com/ | must begin with https:// or http://
          //example.com/ | must begin
          https:/example.com/ | must begin
          https:example.com | must begin
          example.com | must begin
          https:///path | must have a host
          https://:443/ | must have a host
          https://?x | must have a host
          ~~ | must begin
          https://user:hunter2@example.com/ | must not have a user name or password
          https://hunter2@example.com/ | must not have a user name or password
          https://example.com:hunter2@127.0.0.1/ | must not have a user name or password
          https://example.com/#hunter2 | must not have a fragment
          https://example.com#@hunter2/ | must not have a fragment
          https://example.com\\@hunter2/ | must not have backslashes
          https://example.com/hunter2 x | must not have blanks
          https://example.com/%zz?hunter2 | path or query of the URL is malformed
          https://example.com/{hunter2} | path or query of the URL is malformed
          https://example.com:/ | the port must be
          https://example.com:0/ | the port must be
          https://example.com:65536/ | the port must be
          https://example.com:-1/ | the port must be
          https://example.com:0443/ | the port must be
          https://example.com:443:443/ | the host must be
          https://::1/ | the host must be
          https://a.1b/ | the host or port of the URL is malformed
          https://bücher.example/ | must be written plainly: xn--bcher-kva.example
          https://ex%61mple.com/ | must be written plainly: example.com
          https://134744072/ | must be written plainly: 8.8.8.8
          https://010.8.8.8/ | must be written plainly: 8.8.8.8
          https://[2606:4700::1%25eth0]/ | must be written plainly: [2606:4700::1]
          """)
  void aFormThatReadersDifferAboutIsRefusedAndTenantsAreTold(String url, String reason) {
    assertThat(refused(STRICT, url).reason()).contains(reason).doesNotContain("hunter2");
    assertThat(refused(STRICT, url).tenantReason()).isEqualTo(refused(STRICT, url).reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a\nb/",
        "https://a\tb/",
        "\0https://a/",
        "https://a/ b",
        "https://a/\u3000b",
        "https://a/\u0085",
        "https://a/\u007f",
        "https://a/\ud800"
      })
  void controlCharactersAreRefused(String url) {
    assertThat(refused(STRICT, url).reason()).startsWith("the URL must");
  }

  @Test
  void aUrlHasAtMost2048Characters() {
    String most = "https://example.com/" + "a".repeat(2028);

    assertThat(STRICT.check(most)).isInstanceOf(Verdict.Allowed.class);
    assertThat(refused(STRICT, most + "a").reason()).contains("2048");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0177.0.0.1:8443/",
        "https://0x7f.1",
        "https://127.1",
        "https://127.0.0.1./",
        "https://%31%32%37.0.0.1/",
        "https://１２７.０.０.１/",
        "https://[::1]/",
        "https://[::1%25lo]/",
        "https://[::ffff:127.0.0.1]:443/x",
        "https://[64:ff9b::127.0.0.1]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://a.localhost/",
        "https://ⓛocalhost/",
        "https://loc%61lhost/",
        "https://0/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fd00:ec2::254]/",
        "https://[fe80::1%25eth0]/",
        "https://[::]/",
        "https://168.63.129.16/"
      })
  void internalHostsAreRefusedStaticallyAndTenantsLearnNothing(String url) {
    assertThat(refused(STRICT, url).tenantReason()).isEqualTo(Verdict.GENERIC_REASON);
    assertThat(refused(STRICT, url).reason()).isNotEqualTo(Verdict.GENERIC_REASON);
  }

  @Nested
  class Ports {

    @ParameterizedTest
    @ValueSource(ints = {80, 443, 1024, 3000, 5000, 8000, 8080, 8443, 8888, 9000, 9443, 65_535})
    void webPortsAreAllowed(int port) {
      assertThat(STRICT.check("https://example.com:" + port)).isInstanceOf(Verdict.Allowed.class);
    }

    @ParameterizedTest
    @CsvSource({
      "1, below 1024",
      "22, SSH",
      "25, SMTP",
      "81, below 1024",
      "444, below 1024",
      "445, SMB",
      "1023, below 1024",
      "2375, Docker",
      "2376, Docker",
      "2379, etcd",
      "3306, MySQL",
      "3389, RDP",
      "5432, PostgreSQL",
      "6000, X11",
      "6379, Redis",
      "6667, IRC",
      "9200, Elasticsearch",
      "10250, the kubelet",
      "11211, memcached",
      "27017, MongoDB",
      "5060, SIP",
      "10080, Amanda"
    })
    void portsOfOtherServicesAreNot(int port, String reason) {
      assertThat(refused(STRICT, "https://example.com:" + port).reason())
          .startsWith("port " + port)
          .contains(reason);
    }

    // The WHATWG Fetch standard, section 2.9, as of 2024: all from 1024 on.
    @ParameterizedTest
    @ValueSource(
        ints = {
          1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668,
          6669, 6679, 6697, 10080
        })
    void portsThatBrowsersRefuseAreNot(int port) {
      assertThat(ServicePorts.services()).containsKey(port);
    }

    @Test
    void theOperatorMayAllowMore() {
      AddressPolicy policy = STRICT.withPorts(Set.of(81, 6379));

      assertThat(policy.check("https://example.com:81")).isInstanceOf(Verdict.Allowed.class);
      assertThat(policy.check("https://example.com:6379")).isInstanceOf(Verdict.Allowed.class);
      assertThat(policy.check("https://example.com:82")).isInstanceOf(Verdict.Refused.class);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> STRICT.withPorts(Set.of(0)))
          .withMessage("allowedPorts has 0: from 1 to 65535 are allowed");
    }

    @Test
    void inLocalModeLoopbackHasAllPortsAndOthersHaveNot() {
      assertThat(LOCAL.check("http://127.0.0.1:1")).isInstanceOf(Verdict.Allowed.class);
      assertThat(LOCAL.check("http://[::1]:22")).isInstanceOf(Verdict.Allowed.class);
      assertThat(LOCAL.check("http://localhost:6379")).isInstanceOf(Verdict.Allowed.class);
      assertThat(LOCAL.check("http://127.0.0.1:0")).isInstanceOf(Verdict.Refused.class);
      assertThat(LOCAL.check("http://8.8.8.8:22")).isInstanceOf(Verdict.Refused.class);
      assertThat(STRICT.withLoopback().check("https://127.0.0.1:22"))
          .isInstanceOf(Verdict.Refused.class);
    }
  }

  @Nested
  class Concessions {

    @Test
    void httpIsAllowedOnlyWhereItIs() {
      assertThat(STRICT.withHttp().check("http://example.com/"))
          .isInstanceOf(Verdict.Allowed.class);
      assertThat(refused(STRICT.withHttp(), "ftp://example.com/").reason()).contains("or http://");
    }

    @Test
    void loopbackIsAllowedOnlyWhereItIs() {
      AddressPolicy policy = STRICT.withLoopback();

      assertThat(policy.check("https://127.9.9.9/")).isInstanceOf(Verdict.Allowed.class);
      assertThat(policy.check("https://[::1]/")).isInstanceOf(Verdict.Allowed.class);
      assertThat(policy.check("https://[::ffff:127.0.0.1]/")).isInstanceOf(Verdict.Allowed.class);
      assertThat(policy.check("https://localhost/")).isInstanceOf(Verdict.Allowed.class);
      assertThat(policy.check("https://0.0.0.0/")).isInstanceOf(Verdict.Refused.class);
      assertThat(policy.check("https://10.0.0.1/")).isInstanceOf(Verdict.Refused.class);
      assertThat(policy.check("https://[2002:7f00:1::]/")).isInstanceOf(Verdict.Refused.class);
      assertThat(refused(policy, "https://2130706433/").reason()).contains("plainly: 127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({
      "10.0.0.0/8, 10.1.2.3, true",
      "10.0.0.0/8, 11.0.0.0, true",
      "10.0.0.0/8, 192.168.0.1, false",
      "10.0.0.0/8, ::ffff:10.1.2.3, true",
      "10.0.0.0/8, 64:ff9b::10.1.2.3, true",
      "10.0.0.0/8, 64:ff9b::192.168.0.1, false",
      "10.0.0.0/8, 2002:a00:1::, false",
      "10.0.0.0/8, ::10.0.0.1, false",
      "10.0.0.0/8, 2606:4700::5efe:a00:1, false",
      "127.0.0.0/8, 127.0.0.1, true",
      "fd00::/8, fd12::1, true",
      "fd00::/8, fd00:ec2::254, false",
      "fd00:ec2::254, fd00:ec2::254, true",
      "0.0.0.0/0, 10.0.0.1, true",
      "0.0.0.0/0, ::1, false",
      "0.0.0.0/0, 169.254.1.1, true",
      "0.0.0.0/0, 169.254.169.254, false",
      "169.254.0.0/16, 169.254.169.254, false",
      "169.254.169.254/32, 169.254.169.254, true",
      "169.254.169.254/31, 169.254.169.254, false",
      "0.0.0.0/0, 0.0.0.0, false",
      "0.0.0.0/32, 0.0.0.0, true",
      "0.0.0.0/0, 224.0.0.1, false",
      "224.0.0.0/24, 224.0.0.1, true",
      "224.0.0.0/3, 224.0.0.1, false",
      "240.0.0.0/4, 255.255.255.255, false",
      "240.0.0.0/4, 250.0.0.1, true",
      "100.64.0.0/10, 100.100.100.200, false",
      "100.64.0.0/10, 100.64.0.1, true",
      "::/0, fe80::1, true",
      "::/0, ff02::1, false",
      "::/0, ::, false",
      "::/0, ::1, true",
      "::/0, 127.0.0.1, false",
      "::/0, 64:ff9b::127.0.0.1, false",
      "2002::/16, 2002:a00:1::, true",
      "2002::/16, 2002:a9fe:a9fe::, false",
      "64:ff9b:1::/48, 64:ff9b:1::10.0.0.1, true",
      "64:ff9b:1::/48, 64:ff9b:1::169.254.169.254, false",
      "::/0, ::ffff:0:a9fe:a9fe, false"
    })
    void anAllowedBlockAdmitsWhatItHoldsButNotWhatIsGuarded(
        String block, String address, boolean allowed) {
      Verdict verdict =
          STRICT.withAllowed(List.of(Cidr.parse(block))).addresses(InetAddress.ofLiteral(address));

      assertThat(verdict instanceof Verdict.Allowed).isEqualTo(allowed);
    }

    @Test
    void whoAllowsLoopbackAsABlockAllowsItsName() {
      AddressPolicy policy = STRICT.withAllowed(Cidr.parseList("127.0.0.0/8"));

      assertThat(policy.check("https://localhost/")).isInstanceOf(Verdict.Allowed.class);
      assertThat(policy.check("https://127.0.0.1:6379/")).isInstanceOf(Verdict.Refused.class);
    }
  }

  @Nested
  class Names {

    @Test
    void oneBadAddressOfManyIsEnough() {
      assertThat(STRICT.addresses(PUBLIC, PRIVATE)).isInstanceOf(Verdict.Refused.class);
      assertThat(STRICT.addresses(PRIVATE, PUBLIC)).isInstanceOf(Verdict.Refused.class);
      assertThat(STRICT.addresses(PUBLIC, PUBLIC))
          .isEqualTo(new Verdict.Allowed(null, List.of(PUBLIC, PUBLIC)));
    }

    @Test
    void noAddressIsNotAGoodOne() throws Exception {
      assertThat(STRICT.addresses()).isInstanceOf(Verdict.Refused.class);
      assertThat(STRICT.resolve("https://example.com/", _ -> new InetAddress[0]))
          .isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void aResolverThatFlipsItsAnswerIsJudgedByEachAnswer() throws Exception {
      Queue<InetAddress> answers = new ArrayDeque<>(List.of(PUBLIC, PRIVATE));
      NameResolver resolver = _ -> new InetAddress[] {answers.remove()};

      assertThat(STRICT.resolve("https://rebind.example/", resolver))
          .isEqualTo(new Verdict.Allowed(URI.create("https://rebind.example/"), List.of(PUBLIC)));
      assertThat(STRICT.resolve("https://rebind.example/", resolver))
          .isEqualTo(
              new Verdict.Refused("rebind.example: 10.0.0.1 is a private address (10.0.0.0/8)"));
    }

    @Test
    void theNormalNameIsAskedForAndLiteralsAreNot() throws Exception {
      NameResolver resolver =
          host -> {
            if (!host.equals("example.com")) {
              throw new AssertionError(host);
            }
            return new InetAddress[] {PUBLIC};
          };

      assertThat(STRICT.resolve("https://EXAMPLE.com.:8443", resolver))
          .isEqualTo(new Verdict.Allowed(URI.create("https://example.com:8443"), List.of(PUBLIC)));
      assertThat(STRICT.resolve("https://8.8.8.8", resolver)).isInstanceOf(Verdict.Allowed.class);
      assertThat(STRICT.resolve("https://10.0.0.1", resolver)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void aNameThatDoesNotResolveIsNoVerdict() {
      NameResolver nobody =
          host -> {
            throw new UnknownHostException(host);
          };

      assertThatThrownBy(() -> STRICT.resolve("https://example.com/", nobody))
          .isInstanceOf(UnknownHostException.class);
    }

    @ParameterizedTest
    @CsvSource({
      "intranet, true", "db, true", "a.local, true", "metadata.google.internal, true",
      "x.home.arpa, true", "printer.lan, true", "git.corp, true", "nas.home, true",
      "a.intranet, true", "localhost, true", "example.com, false", "internal.example.com, false",
      "notlocal.example, false", "mylan.net, false", "home.arpa.example, false"
    })
    void someNamesAreForInternalNetworks(String name, boolean internal) {
      assertThat(InternalNames.reason(name) != null).isEqualTo(internal);
    }
  }

  private static Verdict.Refused refused(AddressPolicy policy, String url) {
    return switch (policy.check(url)) {
      case Verdict.Refused refused -> refused;
      case Verdict.Allowed allowed -> throw new AssertionError(url + ": " + allowed);
    };
  }
}
