package dev.carillon.webhook.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EmbeddedIpv4Test {

  private static final int ROUNDS = 5_000;
  private static final AddressPolicy STRICT = AddressPolicy.strict();
  private static final AddressPolicy ALL_IPV4 =
      STRICT.withAllowed(Cidr.parseList("0.0.0.0/0")).withLoopback();

  @Test
  void aSpecialIpv4AddressIsRefusedInEveryForm() {
    Random random = new Random(6);
    for (int i = 0; i < ROUNDS; i++) {
      InetAddress inner = Oracle.specialIpv4(random);
      forms(inner, random)
          .forEach((form, address) ->
              assertThat(STRICT.addresses(address))
                  .as("%s of %s: %s", form, inner, address)
                  .isInstanceOf(Verdict.Refused.class));
    }
  }

  @Test
  void anOrdinaryIpv4AddressIsAllowedOnlyInTheFormsThatMeanIt() {
    Random random = new Random(7);
    for (int i = 0; i < ROUNDS; i++) {
      InetAddress inner = Oracle.ipv4(random.nextInt());
      boolean ordinary = !Oracle.refuses(inner);
      forms(inner, random)
          .forEach((form, address) ->
              assertThat(STRICT.addresses(address) instanceof Verdict.Allowed)
                  .as("%s of %s: %s", form, inner, address)
                  .isEqualTo(ordinary && form.startsWith("meant")));
    }
  }

  @Test
  void allowingAllOfIpv4AdmitsNoTunnel() {
    Random random = new Random(8);
    for (int i = 0; i < ROUNDS; i++) {
      forms(Oracle.specialIpv4(random), random)
          .forEach((form, address) -> {
            if (!form.startsWith("meant")) {
              assertThat(ALL_IPV4.addresses(address)).isInstanceOf(Verdict.Refused.class);
            }
          });
    }
  }

  @Test
  void formsAreReadFromUrlsAlike() {
    Random random = new Random(9);
    for (int i = 0; i < ROUNDS; i++) {
      InetAddress inner = Oracle.specialIpv4(random);
      forms(inner, random)
          .forEach((form, address) -> {
            String host = IpText.of(address);
            String url = "https://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + "/";
            assertThat(STRICT.check(url)).as(form + url).isInstanceOf(Verdict.Refused.class);
          });
      assertThat(STRICT.check("https://[::ffff:" + inner.getHostAddress() + "]/"))
          .isInstanceOf(Verdict.Refused.class);
    }
  }

  private static Map<String, InetAddress> forms(InetAddress inner, Random random) {
    byte[] ipv4 = inner.getAddress();
    byte[] flipped = new byte[4];
    for (int i = 0; i < 4; i++) {
      flipped[i] = (byte) ~ipv4[i];
    }
    byte[] somewhere = new byte[16];
    random.nextBytes(somewhere);
    Map<String, InetAddress> forms = new TreeMap<>();
    forms.put("meant", inner);
    forms.put("meant, mapped", with("::ffff:1:0", new byte[16], ipv4, 12));
    forms.put("meant, NAT64", with("64:ff9b::", new byte[16], ipv4, 12));
    forms.put("compatible", with("::", new byte[16], ipv4, 12));
    forms.put("SIIT", with("::ffff:0:0:0", new byte[16], ipv4, 12));
    forms.put("local NAT64", with("64:ff9b:1::", new byte[16], ipv4, 12));
    forms.put("6to4", with("2002::", somewhere, ipv4, 2));
    forms.put("Teredo", with("2001::", somewhere, flipped, 12));
    forms.put("ISATAP", with("2606:4700::5efe:0:0", new byte[16], ipv4, 12));
    forms.put("ISATAP, global", with("2606:4700::200:5efe:0:0", new byte[16], ipv4, 12));
    forms.put("ISATAP, link-local", with("fe80::5efe:0:0", new byte[16], ipv4, 12));
    return forms;
  }

  /** The address that begins as the text does, has the inner one at the offset, and a filling. */
  private static InetAddress with(String text, byte[] filling, byte[] inner, int offset) {
    byte[] bytes = filling.clone();
    byte[] start = Oracle.address(text).toIPv6().getBytes();
    int fixed = text.equals("2002::") ? 2 : text.equals("2001::") ? 4 : 16;
    System.arraycopy(start, 0, bytes, 0, fixed);
    System.arraycopy(inner, 0, bytes, offset, 4);
    return IpText.of(bytes);
  }
}
