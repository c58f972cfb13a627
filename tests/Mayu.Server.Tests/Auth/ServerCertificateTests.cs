using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mayu.Netboot.Tests;
using Mayu.Primitives;
using Mayu.Server.Auth;

namespace Mayu.Server.Tests.Auth;

/// <summary>The certificates that Mayu makes, as the clock goes on; and what is there when it starts.</summary>
public sealed class ServerCertificateTests : IDisposable
{
    private static readonly Ipv4 Address = Ipv4.Of(10, 0, 0, 1);
    private static readonly DateTimeOffset Start = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-keys-").FullName;
    private readonly StoppedClock _clock = new();
    private readonly CertificateFiles _files;

    public ServerCertificateTests()
    {
        _files = new CertificateFiles(_folder);
        _clock.Pass(Start - DateTimeOffset.UnixEpoch);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_start_makes_an_authority_and_a_certificate_for_each_name_of_the_server()
    {
        var made = Own();

        Assert.Null(made.Remark);
        Assert.All(new[] { "10.0.0.1", "127.0.0.1", "localhost", "mayu", Environment.MachineName }, name => Assert.True(made.Current.MatchesHostname(name)));
        Assert.False(made.Current.MatchesHostname("10.0.0.2"));
        Assert.True(made.Current.HasPrivateKey);
        Assert.Equal((Start.AddHours(-1), Start + CertificateFiles.Validity), ValidityOf(made.Current));
        AssertIsTrusted(made.Current);
        var authority = X509CertificateLoader.LoadCertificateFromFile(_files.Ca);
        Assert.Equal((DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)), ValidityOf(authority));
        Assert.Contains(authority.Extensions, extension => extension is X509BasicConstraintsExtension { CertificateAuthority: true, HasPathLengthConstraint: true, PathLengthConstraint: 0, Critical: true });
        Assert.Contains(made.Current.Extensions, extension => extension is X509BasicConstraintsExtension { CertificateAuthority: false, Critical: true });
        // Clients that do not know a critical extension refuse the certificate.
        var usage = Assert.Single(made.Current.Extensions.OfType<X509EnhancedKeyUsageExtension>());
        Assert.Equal((false, "1.3.6.1.5.5.7.3.1"), (usage.Critical, usage.EnhancedKeyUsages[0].Value));
        Assert.All(Directory.GetFiles(_folder), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void The_next_start_takes_what_is_there()
    {
        var made = Own().Current.Thumbprint;

        Assert.Equal(made, Own().Current.Thumbprint);
    }

    [Fact]
    public void It_is_renewed_under_the_same_authority_a_month_before_it_ends_and_not_earlier()
    {
        var own = Own();
        var first = own.Current;
        _clock.Pass(CertificateFiles.Validity - ServerCertificate.Before);
        Assert.Same(first, own.Current);

        _clock.Pass(TimeSpan.FromSeconds(1));
        var second = own.Current;

        Assert.NotEqual(first.Thumbprint, second.Thumbprint);
        Assert.Same(second, own.Current);
        Assert.Null(own.Remark);
        AssertIsTrusted(second);
        Assert.Equal(second.Thumbprint, Own().Current.Thumbprint);
    }

    [Fact]
    public void One_that_was_made_in_the_future_is_made_again_once_the_clock_is_right()
    {
        var own = Own();
        var first = own.Current;
        _clock.Pass(TimeSpan.FromHours(-1));
        Assert.Same(first, own.Current);

        _clock.Pass(TimeSpan.FromSeconds(-1));

        Assert.Equal(Start.AddHours(-2).AddSeconds(-1), ValidityOf(own.Current).From);
        Assert.Null(own.Remark);
    }

    [Theory]
    [InlineData(1970, 1970, 1971)]
    [InlineData(2099, 2099, 2100)]
    public void Whatever_the_clock_says_it_is_valid_within_the_time_of_the_authority(int year, int from, int until)
    {
        _clock.Pass(new DateTimeOffset(year, 1, 1, 0, 30, 0, TimeSpan.Zero).AddDays(year == 1970 ? 0 : 300) - Start);

        var validity = ValidityOf(Own().Current);

        Assert.Equal((from, until), (validity.From.Year, validity.Until.Year));
        Assert.True(validity.From >= DateTimeOffset.UnixEpoch && validity.Until <= new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void A_server_with_another_address_has_another_certificate_of_the_same_authority()
    {
        var former = Own().Current;
        var moved = OwnCertificate.Open(_files, [Address, Ipv4.Of(10, 0, 0, 2)], _clock).Current;

        Assert.NotEqual(former.Thumbprint, moved.Thumbprint);
        Assert.True(moved.MatchesHostname("10.0.0.2") && moved.MatchesHostname(Address.ToString()));
        AssertIsTrusted(moved);
    }

    [Fact]
    public void A_renewed_certificate_that_cannot_be_written_is_used_and_told_of_until_the_next_can()
    {
        var own = Own();
        var file = Path.Combine(_folder, "server.pem");
        File.Delete(file);
        Directory.CreateDirectory(Path.Combine(file, "not empty"));
        _clock.Pass(CertificateFiles.Validity);

        Assert.Equal(_clock.GetUtcNow().AddHours(-1), ValidityOf(own.Current).From);
        Assert.StartsWith("The renewed certificate of the API cannot be written: ", own.Remark, StringComparison.Ordinal);

        Directory.Delete(file, recursive: true);
        _clock.Pass(CertificateFiles.Validity);
        Assert.Null(own.Remark);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public void A_certificate_that_is_damaged_or_half_there_is_made_again()
    {
        foreach (var name in new[] { "server.pem", "server-key.pem" })
        {
            var former = Own().Current.Thumbprint;
            File.WriteAllText(Path.Combine(_folder, name), "damaged");
            var next = Own().Current;
            Assert.NotEqual(former, next.Thumbprint);
            AssertIsTrusted(next);

            File.Delete(Path.Combine(_folder, name));
            Assert.NotEqual(next.Thumbprint, Own().Current.Thumbprint);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("damaged")]
    [InlineData("another's")]
    public void An_authority_without_its_key_signs_nothing_and_is_not_replaced_silently(string? key)
    {
        Own();
        var file = Path.Combine(_folder, "ca-key.pem");
        File.Delete(file);
        File.Delete(Path.Combine(_folder, "server.pem"));
        if (key is not null)
        {
            using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            File.WriteAllText(file, key == "damaged" ? key : another.ExportPkcs8PrivateKeyPem());
        }

        var refused = Assert.Throws<IOException>(Own);
        Assert.StartsWith("ca.pem exists, but its key ca-key.pem is missing, damaged or does not belong to it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_whose_authority_lost_its_key_serves_until_it_ends_and_says_so_in_time()
    {
        var made = Own().Current.Thumbprint;
        File.Delete(Path.Combine(_folder, "ca-key.pem"));
        var own = Own();
        Assert.Equal(made, own.Current.Thumbprint);
        Assert.Null(own.Remark);

        _clock.Pass(CertificateFiles.Validity);

        Assert.Equal(made, own.Current.Thumbprint);
        Assert.StartsWith("The certificate of the API expires at 2031-06-01 12:00 UTC. It was created by an earlier version and cannot be renewed", own.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_configured_one_it_is_told_a_month_before_that_it_ends_that_it_has_and_that_it_is_not_valid_yet()
    {
        Own();
        var configured = ConfiguredCertificate.Open(Path.Combine(_folder, "server.pem"), Path.Combine(_folder, "server-key.pem"), _clock);
        Assert.Null(configured.Remark);

        _clock.Pass(CertificateFiles.Validity - ServerCertificate.Before);
        Assert.Null(configured.Remark);
        _clock.Pass(TimeSpan.FromSeconds(1));
        const string Remedy = " Replace the files of api.tls_certificate and api.tls_key; no restart is needed.";
        Assert.Equal("The certificate of the API expires at 2031-06-01 12:00 UTC." + Remedy, configured.Remark);

        _clock.Pass(ServerCertificate.Before);
        Assert.Equal("The certificate of the API expired at 2031-06-01 12:00 UTC; this host's clock shows 2031-06-01 12:00." + Remedy, configured.Remark);

        _clock.Pass(-CertificateFiles.Validity - TimeSpan.FromHours(2));
        Assert.Equal(
            "The certificate of the API is not valid before 2030-06-01 11:00 UTC, but this host's clock shows 2030-06-01 10:00: is the clock right?" + Remedy, configured.Remark);
    }

    [Fact]
    public async Task While_one_waits_for_the_next_certificate_others_have_the_former_one()
    {
        var own = Own();
        using var slow = new SlowCertificate(own.Chain, _clock);
        var first = Task.Run(() => slow.Current, TestContext.Current.CancellationToken);
        await slow.Entered.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Same(own.Current, await Task.Run(() => slow.Current, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.False(first.IsCompleted);

        slow.Go.Release();
        Assert.Same(own.Current, await first);
    }

    private ServerCertificate Own() => OwnCertificate.Open(_files, [Address], _clock);

    private void AssertIsTrusted(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(_files.Ca));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _clock.GetUtcNow().UtcDateTime;
        Assert.True(chain.Build(certificate), string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
    }

    private static (DateTimeOffset From, DateTimeOffset Until) ValidityOf(X509Certificate2 certificate) =>
        (new DateTimeOffset(certificate.NotBefore.ToUniversalTime()), new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));

    // Its file is on a host that hangs.
    private sealed class SlowCertificate(CertificateChain first, TimeProvider clock) : ServerCertificate(first, clock), IDisposable
    {
        public SemaphoreSlim Entered { get; } = new(0);

        public SemaphoreSlim Go { get; } = new(0);

        protected override string Remedy => "";

        protected override string? Trouble => null;

        public void Dispose()
        {
            Entered.Dispose();
            Go.Dispose();
        }

        protected override bool IsDue(CertificateChain chain, DateTimeOffset now) => true;

        protected override CertificateChain? Next(DateTimeOffset now)
        {
            Entered.Release();
            Go.Wait();
            return null;
        }
    }
}
