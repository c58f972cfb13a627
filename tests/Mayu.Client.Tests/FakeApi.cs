using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Mayu.Client.Tests;

/// <summary>
/// An API server on the loopback with an authority, a certificate and a token of its own, which gives prepared answers and
/// keeps what it was asked.
/// </summary>
internal sealed class FakeApi : IAsyncDisposable
{
    public const string Token = "s3cret-operator-token";

    private readonly ConcurrentDictionary<string, (int Status, string Type, string Body)> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<(int Status, (string Name, string Value)[] Headers)>> _first = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private FakeApi(WebApplication app, string folder)
    {
        _app = app;
        Folder = folder;
    }

    public string Folder { get; }

    public string CaFile => Path.Combine(Folder, "ca.pem");

    public string TokenFile => Path.Combine(Folder, "token");

    public int Port { get; private set; }

    public string Url => $"https://127.0.0.1:{Port}";

    public ConcurrentQueue<(string Line, string Body, string Authorization)> Requests { get; } = new();

    /// <summary>The idempotency key of each request; empty where it had none.</summary>
    public ConcurrentQueue<string> Keys { get; } = new();

    /// <summary>The header If-Match of each request; empty where it had none.</summary>
    public ConcurrentQueue<string> IfMatch { get; } = new();

    /// <summary>The ETag of every answer; null: none.</summary>
    public string? Tag { get; set; } = "\"t0\"";

    public MayuClientOptions Options => new() { Server = Url, CaFile = CaFile, TokenFile = TokenFile, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>The header Last-Event-ID of each request.</summary>
    public ConcurrentQueue<string> LastEventIds { get; } = new();

    /// <param name="names">What the certificate is made out to.</param>
    public static async Task<FakeApi> StartAsync(params string[] names)
    {
        var folder = Directory.CreateTempSubdirectory("mayu-api-").FullName;
        var certificate = MakeCertificate(Path.Combine(folder, "ca.pem"), names is [] ? ["127.0.0.1"] : names);
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), Token + "\n");

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        var api = new FakeApi(app, folder);
        app.Run(api.AnswerAsync);
        await app.StartAsync();
        api.Port = new Uri(app.Urls.Single()).Port;
        return api;
    }

    public FakeApi Answer(string line, string body, int status = 200, string type = "application/json")
    {
        _answers[line] = (status, type, body);
        return this;
    }

    /// <summary>Answers a request so before it answers as it does otherwise; of several, one after the other.</summary>
    public FakeApi First(string line, int status, params (string Name, string Value)[] headers)
    {
        _first.GetOrAdd(line, _ => new()).Enqueue((status, headers));
        return this;
    }

    public FakeApi Problem(string line, int status, string title, string detail) =>
        Answer(line, $$"""{"title":"{{title}}","status":{{status}},"detail":"{{detail}}"}""", status, "application/problem+json");

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var line = $"{context.Request.Method} {target}";
        Keys.Enqueue(context.Request.Headers["Idempotency-Key"].ToString());
        LastEventIds.Enqueue(context.Request.Headers["Last-Event-ID"].ToString());
        Requests.Enqueue((line, body, context.Request.Headers.Authorization.ToString()));
        IfMatch.Enqueue(context.Request.Headers.IfMatch.ToString());
        if (_first.TryGetValue(line, out var queue) && queue.TryDequeue(out var first))
        {
            if (first.Status == 0)
            {
                context.Abort();
                return;
            }

            context.Response.StatusCode = first.Status;
            foreach (var (name, value) in first.Headers)
            {
                context.Response.Headers[name] = value;
            }

            return;
        }

        var (status, type, text) = _answers.TryGetValue(line, out var own) ? own
            : line.Split('?') is [var path, var query] && _answers.TryGetValue(path, out var all) ? all with { Body = Selected(all.Body, query) }
            : (404, "text/plain", "nothing here");
        context.Response.StatusCode = status;
        context.Response.Headers.ETag = Tag;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(text);
    }

    // What a list has of all that it was told, as the server would select it: of the terms NAME=VALUE alone.
    private static string Selected(string body, string query)
    {
        var terms = Uri.UnescapeDataString(query.Split('&').FirstOrDefault(part => part.StartsWith("selector=", StringComparison.Ordinal))?["selector=".Length..] ?? "");
        if (terms.Length == 0 || !body.TrimStart().StartsWith('{'))
        {
            return body;
        }

        var list = JsonNode.Parse(body)!;
        foreach (var item in list["items"]!.AsArray().Where(item => !terms.Split(',').Select(term => term.Split('=')).All(term => (string?)item![term[0]] == term[1])).ToList())
        {
            list["items"]!.AsArray().Remove(item);
        }

        return list.ToJsonString();
    }

    private static X509Certificate2 MakeCertificate(string caFile, string[] names)
    {
        var from = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var to = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=a test's authority", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        caRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var ca = caRequest.CreateSelfSigned(from, to);
        File.WriteAllText(caFile, ca.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mayu", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var signed = request.Create(ca, from, to, [1, 2, 3, 4]);
        return signed.CopyWithPrivateKey(key);
    }
}
