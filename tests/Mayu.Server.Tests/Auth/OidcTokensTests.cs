using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mayu.Core.Selection;
using Mayu.Primitives;
using Mayu.Server.Access;
using Mayu.Server.Auth;
using Mayu.Server.Tests.BootHttp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Mayu.Server.Tests.Auth;

/// <summary>
/// Tokens that no provider would sign, so the provider is the test's own: it serves its description and its keys over TLS. A real one is in the interop tests.
/// </summary>
public sealed class OidcTokensTests : IAsyncLifetime
{
    private RSA _key = RSA.Create(2048);
    private string _keyName = "one";
    private readonly X509Certificate2 _ca = OwnCa();
    private WebApplication _provider = null!;
    private string _issuer = "";
    private string _described = "";
    private RequestDelegate? _instead;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(CertificateFiles.MakeServer(_ca, [Ipv4.Of(127, 0, 0, 1)], TimeProvider.System.GetUtcNow()))));
        _provider = builder.Build();
        _provider.Run(context => _instead is { } instead ? instead(context) : AnswerAsync(context));
        await _provider.StartAsync(Token);
        _described = _issuer = _provider.Urls.Single();
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _key.Dispose();
        _ca.Dispose();
    }

    [Theory]
    [InlineData("as it should be", null)]
    [InlineData("expired", "it has expired")]
    [InlineData("not yet", "it is not valid yet: are the clocks right?")]
    [InlineData("for ever", "it has no time of expiry")]
    [InlineData("audience", "it is for another service: its aud is not auth.oidc.audience")]
    [InlineData("issuer", "it is of another provider: its iss is not auth.oidc.issuer")]
    [InlineData("unsigned", "its signature is wrong")]
    [InlineData("shared secret", "its signature is wrong")]
    [InlineData("other key", "the provider has no key that signed it")]
    [InlineData("same kid", "its signature is wrong")]
    [InlineData("logout", "it is neither an ID token nor an access token")]
    [InlineData("no name", "its claim sub (auth.oidc.name_claim) is no name: 1 to 128 characters, all of them printable, and no space around them")]
    [InlineData("two names", "it is not valid")]
    [InlineData("spaces", "its claim sub (auth.oidc.name_claim) is no name: 1 to 128 characters, all of them printable, and no space around them")]
    [InlineData("unseen", "its claim sub (auth.oidc.name_claim) is no name: 1 to 128 characters, all of them printable, and no space around them")]
    [InlineData("escape", "its claim sub (auth.oidc.name_claim) is no name: 1 to 128 characters, all of them printable, and no space around them")]
    [InlineData("long name", "its claim sub (auth.oidc.name_claim) is no name: 1 to 128 characters, all of them printable, and no space around them")]
    [InlineData("no group", "no rule of auth.oidc.roles fits alice")]
    [InlineData("group as text", null)]
    [InlineData("group within text", "no rule of auth.oidc.roles fits alice")]
    public async Task A_token_is_taken_only_if_all_of_it_is_right(string what, string? why)
    {
        using var tokens = new OidcTokens(Settings(), TimeProvider.System);

        var (caller, told) = await tokens.FindAsync(Make(what), Settings());

        Assert.Equal((why is null ? "oidc alice" : null, why), (caller?.Name, told));
        Assert.True(OidcTokens.IsShapedSo(Make(what)));
    }

    [Fact]
    public async Task A_provider_with_another_name_or_with_an_answer_without_end_or_that_leads_elsewhere_gives_no_keys()
    {
        _described = "https://other.example";
        Assert.Equal((null, $"the keys of {_issuer} cannot be fetched: the provider says that it is https://other.example"), await FindAsync());

        _described = _issuer;
        _instead = context => context.Response.WriteAsync(new string(' ', 2 * 1024 * 1024), Token);
        Assert.StartsWith($"the keys of {_issuer} cannot be fetched: ", (await FindAsync()).Why, StringComparison.Ordinal);

        _instead = context =>
        {
            if (context.Request.Path == "/elsewhere")
            {
                return AnswerAsync(context);
            }

            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        Assert.StartsWith($"the keys of {_issuer} cannot be fetched: ", (await FindAsync()).Why, StringComparison.Ordinal);

        _instead = null;
        Assert.Null((await FindAsync()).Why);
    }

    [Fact]
    public async Task A_provider_whose_certificate_another_authority_signed_gives_no_keys()
    {
        using var tokens = new OidcTokens(Settings() with { AuthorityText = "other", Authorities = [OwnCa()] }, TimeProvider.System);

        var (caller, why) = await tokens.FindAsync(Make("as it should be"), Settings());

        Assert.Null(caller);
        Assert.StartsWith($"the keys of {_issuer} cannot be fetched: ", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_provider_has_anew_is_taken_at_once_and_one_that_it_has_no_more_is_not()
    {
        using var tokens = new OidcTokens(Settings(), TimeProvider.System);
        var former = Make("as it should be");
        Assert.Null((await tokens.FindAsync(former, Settings())).Why);

        using var next = RSA.Create(2048);
        var kept = _key;
        (_key, _keyName) = (next, "three");
        Assert.Null((await tokens.FindAsync(Make("as it should be"), Settings())).Why);
        Assert.Equal("the provider has no key that signed it", (await tokens.FindAsync(former, Settings())).Why);
        _key = kept;
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_asked_once_for_all_and_not_for_what_it_cannot_have_signed()
    {
        var asked = 0;
        _instead = async context =>
        {
            Interlocked.Increment(ref asked);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        using var tokens = new OidcTokens(Settings(), TimeProvider.System);

        Assert.Equal("it is not valid", (await tokens.FindAsync("eyJ.N.x", Settings())).Why);
        Assert.Equal("it is not valid", (await tokens.FindAsync($"{Base64UrlEncoder.Encode("""{"alg":"RS256"}""")}.{Base64UrlEncoder.Encode("""{"iss":[{"a":1}]}""")}.x", Settings())).Why);
        Assert.Equal("it is of another provider: its iss is not auth.oidc.issuer", (await tokens.FindAsync(Make("issuer"), Settings())).Why);
        Assert.Equal(0, asked);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => tokens.FindAsync(Make("as it should be"), Settings())));
        Assert.All(answers, answer => Assert.StartsWith($"the keys of {_issuer} cannot be fetched: ", answer.Why, StringComparison.Ordinal));
        Assert.StartsWith("the keys of ", (await tokens.FindAsync(Make("as it should be"), Settings())).Why, StringComparison.Ordinal);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_token_may_name_hundreds_of_groups_and_what_everybody_may_ask_for_waits_for_no_provider()
    {
        var asked = 0;
        _instead = context =>
        {
            Interlocked.Increment(ref asked);
            return AnswerAsync(context);
        };
        var folder = Directory.CreateTempSubdirectory("mayu-oidc-").FullName;
        var authority = Path.Combine(folder, "ca.pem");
        await File.WriteAllTextAsync(authority, _ca.ExportCertificatePem(), Token);
        await using var server = await TestServer.StartAsync(
            $"auth: {{oidc: {{issuer: '{_issuer}', audience: mayu, ca: {authority}, roles: [{{claim: groups, value: ops, role: viewer}}]}}}}");
        Directory.Delete(folder, recursive: true);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/healthz"));
        Assert.Equal(0, asked);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/v1/machines"));
        Assert.NotEqual(0, asked);

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new("Bearer", Make("many groups"));
            using var answer = await server.ApiWithoutToken.SendAsync(request, Token);
            return answer.StatusCode;
        }
    }

    private async Task<(string? Name, string? Why)> FindAsync()
    {
        using var tokens = new OidcTokens(Settings(), TimeProvider.System);
        var (caller, why) = await tokens.FindAsync(Make("as it should be"), Settings());
        return (caller?.Name, why);
    }

    private OidcSettings Settings() => new()
    {
        Issuer = _issuer,
        Audience = "mayu",
        AuthorityText = "own",
        Authorities = [_ca],
        NameClaim = "sub",
        Rules = [new OidcRule("groups", "ops", new Grant(Role.Operator, Selector.Everything))],
    };

    private string Make(string what)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var key = new RsaSecurityKey(_key) { KeyId = _keyName };
        var claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = "alice", ["groups"] = new[] { "staff", "ops" } };
        switch (what)
        {
            case "no name": claims.Remove("sub"); break;
            case "two names": claims["sub"] = new[] { "alice", "root" }; break;
            case "escape": claims["sub"] = "alice\u001b[2J"; break;
            case "spaces": claims["sub"] = "alice "; break;
            case "unseen": claims["sub"] = "alice\u202e"; break;
            case "long name": claims["sub"] = new string('a', 129); break;
            case "no group": claims.Remove("groups"); break;
            case "group as text": claims["groups"] = "ops"; break;
            case "many groups": claims["groups"] = Enumerable.Range(0, 500).Select(number => $"a-group-{number:000}").Append("ops").ToArray(); break;
            case "group within text": claims["groups"] = "staff ops"; break;
        }

        var other = new RsaSecurityKey(RSA.Create(2048)) { KeyId = what == "same kid" ? "one" : "two" };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = what == "issuer" ? "https://other.example" : _issuer,
            Audience = what == "audience" ? "other" : "mayu",
            TokenType = what == "logout" ? "logout+jwt" : "at+jwt",
            NotBefore = what == "not yet" ? now.AddHours(1) : now.AddHours(-2),
            Expires = what == "for ever" ? null : what == "expired" ? now.AddHours(-1) : now.AddHours(2),
            Claims = claims,
            SigningCredentials = what switch
            {
                "unsigned" => null,
                "shared secret" => new SigningCredentials(new SymmetricSecurityKey(_key.ExportSubjectPublicKeyInfo()) { KeyId = "one" }, SecurityAlgorithms.HmacSha256),
                "other key" or "same kid" => new SigningCredentials(other, SecurityAlgorithms.RsaSha256),
                _ => new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
            },
        });
    }

    private Task AnswerAsync(HttpContext context)
    {
        var parts = _key.ExportParameters(includePrivateParameters: false);
        return context.Response.WriteAsync(
            context.Request.Path == "/keys"
                ? $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"{{_keyName}}","n":"{{Base64UrlEncoder.Encode(parts.Modulus)}}","e":"{{Base64UrlEncoder.Encode(parts.Exponent)}}"}]}"""
                : $$"""{"issuer":"{{_described}}","jwks_uri":"{{_issuer}}/keys","authorization_endpoint":"{{_issuer}}/a","token_endpoint":"{{_issuer}}/t"}""",
            Token);
    }

    private static X509Certificate2 OwnCa()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddYears(5));
    }
}
