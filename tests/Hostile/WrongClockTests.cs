using System.Security.Cryptography.X509Certificates;
using Mayu.Netboot.Tests;
using Mayu.Server.Auth;
using Mayu.Server.Tests.BootHttp;
using Microsoft.Extensions.Logging;

namespace Mayu.Hostile.Tests;

/// <summary>A host whose clock was wrong when the keys were made, and keys that come of age.</summary>
public sealed class WrongClockTests : IDisposable
{
    private readonly WholeServer _place = new();

    public static TheoryData<int> Years => [1970, 1999, 2055, 2098];

    public void Dispose() => _place.Dispose();

    [Theory]
    [MemberData(nameof(Years))]
    public async Task A_first_start_with_a_wrong_clock_is_mended_once_the_clock_is_right_and_the_CA_stays(int year)
    {
        var clock = new SetClock { Now = new DateTimeOffset(year, 1, 2, 3, 4, 5, TimeSpan.Zero) };
        await using var server = await _place.StartAsync(clock: clock);
        var ca = await File.ReadAllTextAsync(server.Keys.CaFile!, TestContext.Current.CancellationToken);
        var wrong = server.Keys.Certificate.Current;
        Assert.Null(server.Keys.Certificate.Remark);

        clock.Now = TimeProvider.System.GetUtcNow();
        var right = server.Keys.Certificate.Current;
        Assert.NotEqual(wrong.Thumbprint, right.Thumbprint);
        Assert.True(IsTrusted(right, server.Keys.CaFile!, clock.Now));
        Assert.Null(server.Keys.Certificate.Remark);
        Assert.Equal(ca, await File.ReadAllTextAsync(server.Keys.CaFile!, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_certificate_is_renewed_before_it_expires_and_a_restart_has_the_new_one()
    {
        var clock = new SetClock { Now = TimeProvider.System.GetUtcNow() };
        string thumbprint;
        await using (var server = await _place.StartAsync(clock: clock))
        {
            var first = server.Keys.Certificate.Current;
            for (var year = 0; year < 5; year++)
            {
                clock.Now = new DateTimeOffset(server.Keys.Certificate.Current.NotAfter.ToUniversalTime()) - ServerCertificate.Before + TimeSpan.FromMinutes(1);
                Assert.True(IsTrusted(server.Keys.Certificate.Current, server.Keys.CaFile!, clock.Now));
                Assert.Null(server.Keys.Certificate.Remark);
            }

            thumbprint = server.Keys.Certificate.Current.Thumbprint;
            Assert.NotEqual(first.Thumbprint, thumbprint);
        }

        await using var again = await _place.StartAsync(clock: clock);
        Assert.Equal(thumbprint, again.Keys.Certificate.Current.Thumbprint);
    }

    [Fact]
    public async Task A_running_server_answers_with_the_renewed_certificate()
    {
        // The clock goes on a year; the client's does not, and to it the new one is not valid yet.
        var clock = new SetClock { Now = TimeProvider.System.GetUtcNow().AddYears(-3) };
        var lines = new LogLines();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(lines));
        await using var server = await _place.StartAsync(clock: clock, loggers: loggers);
        var url = UrlOf(lines);
        using (var api = TestServer.ApiClient(server.Keys, url))
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => api.GetStringAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken));
        }

        clock.Now = TimeProvider.System.GetUtcNow();
        using var mended = TestServer.ApiClient(server.Keys, url);
        Assert.Equal("ok\n", await mended.GetStringAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(-2000, "is not valid before")]
    [InlineData(340, "expires at")]
    [InlineData(400, "expired at")]
    public async Task A_certificate_that_cannot_be_renewed_is_told_of_with_the_files_to_remove(int days, string what)
    {
        var clock = new SetClock { Now = TimeProvider.System.GetUtcNow() };
        await _place.RunAsync();
        // As an earlier version left it.
        File.Delete(Path.Combine(_place.Keys, "ca-key.pem"));
        clock.Now += TimeSpan.FromDays(days);
        var lines = new LogLines();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(lines));
        await using var server = await _place.StartAsync(clock: clock, loggers: loggers);
        var remark = server.Keys.Certificate.Remark!;
        Assert.Contains(what, remark, StringComparison.Ordinal);
        Assert.Contains("remove ca.pem, server.pem and server-key.pem", remark, StringComparison.Ordinal);

        // To the client, whose clock is right, the certificate is valid.
        using var api = TestServer.ApiClient(server.Keys, UrlOf(lines));
        Assert.Contains(remark, await api.GetStringAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_whose_key_is_another_s_is_made_anew_under_the_same_CA()
    {
        await _place.RunAsync();
        var ca = await File.ReadAllTextAsync(Path.Combine(_place.Keys, "ca.pem"), TestContext.Current.CancellationToken);
        using (var other = new WholeServer())
        {
            await other.RunAsync();
            File.Copy(Path.Combine(other.Keys, "server-key.pem"), Path.Combine(_place.Keys, "server-key.pem"), overwrite: true);
        }

        await using var server = await _place.StartAsync();
        Assert.True(IsTrusted(server.Keys.Certificate.Current, server.Keys.CaFile!, TimeProvider.System.GetUtcNow()));
        Assert.Equal(ca, await File.ReadAllTextAsync(server.Keys.CaFile!, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_key_of_another_s_that_cannot_be_made_anew_is_named_and_ends_the_start()
    {
        await _place.RunAsync();
        File.Delete(Path.Combine(_place.Keys, "ca-key.pem"));
        using (var other = new WholeServer())
        {
            await other.RunAsync();
            File.Copy(Path.Combine(other.Keys, "server-key.pem"), Path.Combine(_place.Keys, "server-key.pem"), overwrite: true);
        }

        Assert.Contains(_place.Keys, await _place.RefusedAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n")]
    public async Task No_other_authority_takes_the_place_of_one_whose_key_is_gone(string? key)
    {
        await _place.RunAsync();
        var ca = Path.Combine(_place.Keys, "ca.pem");
        var trusted = await File.ReadAllTextAsync(ca, TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(_place.Keys, "ca-key.pem"));
        if (key is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(_place.Keys, "ca-key.pem"), key, TestContext.Current.CancellationToken);
        }

        File.Delete(Path.Combine(_place.Keys, "server.pem"));
        Assert.Contains("its key ca-key.pem is missing, damaged or does not belong to it", await _place.RefusedAsync(), StringComparison.Ordinal);
        Assert.Equal(trusted, await File.ReadAllTextAsync(ca, TestContext.Current.CancellationToken));

        File.Delete(ca);
        await _place.RunAsync();
        Assert.NotEqual(trusted, await File.ReadAllTextAsync(ca, TestContext.Current.CancellationToken));
    }

    private static string UrlOf(LogLines lines) =>
        lines.Texts.Single(text => text.StartsWith("Now listening on: https://", StringComparison.Ordinal))["Now listening on: ".Length..];

    private static bool IsTrusted(X509Certificate2 certificate, string caFile, DateTimeOffset at)
    {
        using var chain = new X509Chain();
        using var ca = X509CertificateLoader.LoadCertificateFromFile(caFile);
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(ca);
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        return chain.Build(certificate);
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
