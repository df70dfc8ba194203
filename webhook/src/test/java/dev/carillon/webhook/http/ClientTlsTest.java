package dev.carillon.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.InstantSource;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTlsTest {

  private static final Authority CA = new Authority();
  private static final Authority.Identity OWN = CA.client("own", "EC");
  private final Instant now = InstantSource.system().instant();

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void keysOfThreeKindsAreTaken(String algorithm) {
    Authority.Identity own = CA.client("own", algorithm);
    ClientTls tls = new ClientTls(own.certificatePem(), own.keyPem(), null);
    assertThat(tls.expires()).isEqualTo(own.certificate().getNotAfter().toInstant());
    assertThat(tls.key()).isEqualTo(own.key());
  }

  @Test
  void aChainIsTakenWithTheOwnCertificateFirst() {
    ClientTls tls = new ClientTls(OWN.certificatePem() + CA.pem(), OWN.keyPem(), CA.pem());
    assertThat(tls.chain()).hasSize(2).first().isEqualTo(OWN.certificate());
    assertThat(tls.authorities()).hasSize(1);
  }

  @Test
  void certificateAndKeyComeTogether() {
    assertRefused(OWN.certificatePem(), null, null, "clientCertificatePem and clientKeyPem must");
    assertRefused(null, OWN.keyPem(), null, "clientCertificatePem and clientKeyPem must");
    assertRefused(null, null, null, "clientCertificatePem or caPem must be given");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void theKeyMustBeTheCertificates(String algorithm) {
    String other = CA.client("other", algorithm).keyPem();
    assertRefused(OWN.certificatePem(), other, null, "clientKeyPem is not the key of the first");
  }

  @ParameterizedTest
  @CsvSource({
    "RSA PRIVATE KEY, 'must be PKCS#8, and is not: convert it with openssl pkcs8 -topk8 -nocrypt'",
    "EC PRIVATE KEY, 'must be PKCS#8, and is not: convert it with openssl pkcs8 -topk8 -nocrypt'",
    "ENCRYPTED PRIVATE KEY, must not be encrypted: decrypt it with openssl pkcs8 -in key.pem",
    "PUBLIC KEY, 'must hold -----BEGIN PRIVATE KEY-----, which it does not'",
    "PRIVATE KEY, 'must be a key of RSA, EC or Ed25519, and is none or damaged'"
  })
  void aKeyInAnotherFormIsRefusedWithAWayToMendIt(String label, String rule) {
    String key = Authority.pem(label, new byte[] {1, 2, 3});
    assertRefused(OWN.certificatePem(), key, null, "clientKeyPem " + rule);
  }

  @ParameterizedTest
  @CsvSource({
    "hunter2, 'must hold -----BEGIN CERTIFICATE-----, which it does not'",
    "-----BEGIN CERTIFICATE-----hunter2, has a certificate that cannot be read: it is damaged"
  })
  void aCertificateThatIsNoneIsRefusedByName(String text, String rule) {
    assertRefused(text, OWN.keyPem(), null, "clientCertificatePem " + rule);
    assertRefused(null, null, text, "caPem " + rule);
  }

  @Test
  void aDamagedCertificateIsRefused() {
    String damaged = Authority.pem("CERTIFICATE", new byte[] {1, 2, 3});
    assertRefused(null, null, damaged, "caPem has a certificate that cannot be read");
  }

  @Test
  void tooMuchIsRefused() {
    String huge = "x".repeat(Pem.MAX_LENGTH + 1);
    assertRefused(null, null, huge, "caPem is longer than 100000 characters");
    String many = CA.pem().repeat(101);
    assertRefused(null, null, many, "caPem must hold from 1 to 100 certificates, and holds 101");
  }

  @Test
  void anExpiredCertificateIsToldApart() {
    Authority.Identity old = CA.expiredClient("old");
    ClientTls tls = new ClientTls(old.certificatePem(), old.keyPem(), CA.pem());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tls.requireValidAt(now))
        .withMessage(
            "clientCertificatePem: a certificate expired at %s",
            old.certificate().getNotAfter().toInstant());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tls.requireValidAt(Instant.EPOCH))
        .withMessageStartingWith("clientCertificatePem: a certificate is valid only from ");
    ClientTls good = new ClientTls(OWN.certificatePem(), OWN.keyPem(), CA.pem());
    assertThatCode(() -> good.requireValidAt(now)).doesNotThrowAnyException();
  }

  @Test
  void itsTextHidesTheKey() {
    assertThat(new ClientTls(OWN.certificatePem(), OWN.keyPem(), null))
        .hasToString("ClientTls[clientCertificate=true, ca=false]");
  }

  @Test
  void contextsAreKeptForTheEndpointsUsedLast() {
    TlsContexts contexts = new TlsContexts();
    ClientTls first = new ClientTls(null, null, CA.pem());
    TlsSocketStrategy kept = contexts.of(first);
    for (int i = 1; i < TlsContexts.MAX_KEPT; i++) {
      contexts.of(new ClientTls(null, null, CA.pem() + "\n".repeat(i)));
    }
    assertThat(contexts.of(new ClientTls(null, null, CA.pem()))).isSameAs(kept);
    contexts.of(new ClientTls(null, null, CA.pem() + " "));
    assertThat(contexts.of(first)).isSameAs(kept);
    for (int i = 1; i <= TlsContexts.MAX_KEPT; i++) {
      contexts.of(new ClientTls(null, null, CA.pem() + "\n".repeat(i)));
    }
    assertThat(contexts.of(first)).isNotSameAs(kept);
  }

  private static void assertRefused(
      @Nullable String certificate, @Nullable String key, @Nullable String ca, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClientTls(certificate, key, ca))
        .withMessageStartingWith(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
  }
}
