using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace Mayu.Server.Tests.Api.Legacy;

/// <summary>
/// The conversation of the first Mayu's clients: each request as Go's net/http wrote it to a socket (Go 1.19), and the answer to it. The ports
/// of its Host headers are the default ones.
/// </summary>
internal static partial class OldConversation
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Conversation");

    /// <summary>The requests in their order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Directory.GetFiles(Folder, "*.request").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    /// <summary>The bytes of a request.</summary>
    public static byte[] RequestOf(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".request"));

    /// <summary>The file of a request, for a program that sends it.</summary>
    public static string FileOf(string name) => Path.Combine(Folder, name + ".request");

    /// <summary>The answer that is due: status, content type, body.</summary>
    public static string AnswerOf(string name) => File.ReadAllText(Path.Combine(Folder, name + ".answer"));

    /// <summary>Whether the listener for machines is asked.</summary>
    public static bool IsForBoot(string name) => Encoding.ASCII.GetString(RequestOf(name)).Contains("\r\nHost: 127.0.0.1:4081\r\n", StringComparison.Ordinal);

    /// <summary>Sends the bytes and reads the answer to its end.</summary>
    /// <param name="socket">A socket that is not connected yet; it is closed here.</param>
    /// <param name="server">The listener.</param>
    /// <param name="request">The bytes.</param>
    /// <param name="authority">Who signed its certificate; null without TLS.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<string> SendAsync(Socket socket, Uri server, byte[] request, X509Certificate2? authority, CancellationToken cancellation)
    {
        await socket.ConnectAsync(server.Host, server.Port, cancellation);
        var plain = new NetworkStream(socket, ownsSocket: true);
        await using Stream stream = authority is null ? plain : new SslStream(plain);
        if (stream is SslStream tls)
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.Add(authority!);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host, CertificateChainPolicy = trust }, cancellation);
        }

        await stream.WriteAsync(request, cancellation);
        var answer = new MemoryStream();
        var buffer = new byte[4096];
        // The connection stays open for the client's next request.
        while (!IsWhole(Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length)) && await stream.ReadAsync(buffer, cancellation) is > 0 and var length)
        {
            answer.Write(buffer, 0, length);
        }

        return Compared(Encoding.UTF8.GetString(answer.ToArray()));
    }

    /// <summary>What of an answer is compared, without what differs each time.</summary>
    public static string Compared(string answer)
    {
        var head = answer.Split("\r\n\r\n")[0];
        var type = ContentType().Match(head);
        var body = BodyOf(answer);
        body = MachineId().Replace(LastBoot().Replace(EtcdUrl().Replace(body, "http://SERVER/etcd/TOKEN"), "${key}TIME\""), "${key}ID\"");
        return $"{head.Split("\r\n")[0]}\n{(type.Success ? type.Value.Trim() + "\n" : "")}\n{body}";
    }

    private static bool IsWhole(string answer)
    {
        if (answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) is not (>= 0 and var end))
        {
            return false;
        }

        return ContentLength().Match(answer[..end]) is { Success: true } length
            ? Encoding.UTF8.GetByteCount(answer[(end + 4)..]) >= int.Parse(length.Groups["length"].Value, System.Globalization.CultureInfo.InvariantCulture)
            : answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
    }

    private static string BodyOf(string answer)
    {
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return answer.Contains("Transfer-Encoding: chunked", StringComparison.Ordinal) ? string.Concat(ChunkHead().Split(body)) : body;
    }

    [GeneratedRegex("^Content-Type: .*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContentType();

    [GeneratedRegex("^Content-Length: (?<length>[0-9]+)", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContentLength();

    [GeneratedRegex("(?:^|\r\n)[0-9a-f]+\r\n(?:\r\n$)?", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ChunkHead();

    [GeneratedRegex("http://[^/]+/etcd/[0-9a-f]{32}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EtcdUrl();

    [GeneratedRegex("(?<key>\"LastBoot\":\")[^\"]*\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LastBoot();

    [GeneratedRegex("(?<key>\"MachineID\":\")[0-9a-f]{32}\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MachineId();
}
