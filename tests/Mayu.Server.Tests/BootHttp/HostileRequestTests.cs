using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mayu.Core.Tests.Hostile;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>What a machine may say over real sockets, byte by byte: also what is no UTF-8, which no text in a test can be.</summary>
public sealed partial class HostileRequestTests
{
    private const int Seed = 14;

    // One machine reports them all, so the limits on changes are reached soon: some of them are read only.
    private const string Template = """
        {"serial": {{ machine.serial | json }}, "uuid": {{ machine.uuid | json }}, "hostname": {{ machine.hostname | json }}, "nic": {{ machine.boot_nic | json }},
         "bmc": {{ machine.bmc_address | json }}, "macs": {{ machine.macs | json }}, "word": {{ machine.boot_nic | sh | json }}}
        """;

    private static readonly byte[][] NoUtf8 = [[0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0xff, 0xfe], [0x80], [0xf0, 0x9f, 0x98]];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/ipxebootscript?mac=52-54-00-00-00-01&serial=")]
    [InlineData("/ipxebootscript?serial=benign&uuid=")]
    [InlineData("/ipxebootscript?serial=benign&mac=")]
    [InlineData("/ipxebootscript?mac=52-54-00-00-00-01&board=")]
    [InlineData("/ipxebootscript?serial=benign&mac=52-54-00-00-00-01&platform=")]
    [InlineData("/first-stage-script/")]
    [InlineData("/first-stage-cloud-config/")]
    public async Task A_script_is_the_benign_one_apart_from_the_name_or_is_refused(string path)
    {
        await using var server = await TestServer.StartAsync();
        var benign = Unnamed(await server.Boot.GetStringAsync(path + (path.EndsWith("platform=", StringComparison.Ordinal) ? "pcbios" : "benign"), Token));
        var taken = 0;
        foreach (var (bytes, number) in Bytes(HostileValues.Count(share: 20)).Select((bytes, at) => (bytes, at)))
        {
            using var answer = await server.Boot.GetAsync(new Uri(path + Encoded(bytes), UriKind.Relative), Token);
            var text = await answer.Content.ReadAsStringAsync(Token);
            var what = $"{path}{Encoded(bytes)[..Math.Min(300, Encoded(bytes).Length)]}, value {number} of seed {Seed}: {answer.StatusCode}";
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                taken++;
                Assert.True(Unnamed(text) == benign, $"{what}\n{text}");
            }
            else
            {
                AssertRefused(answer, text, what);
            }
        }

        Assert.True(taken > 0, "none was taken");
    }

    // Flash memory that nobody wrote to gives 0xFF, and iPXE sends it percent-encoded. What the discovery system says later is no name either.
    [Theory]
    [InlineData("serial=%FF%FF%FF&uuid=11111111-2222-3333-4444-555555555555&mac=52-54-00-00-00-01", "11111111-2222-3333-4444-555555555555\n")]
    [InlineData("serial=%FF%FF&mac=52-54-00-00-00-01", "52:54:00:00:00:01\n")]
    [InlineData("serial=a%C3&mac=52-54-00-00-00-01", "52:54:00:00:00:01\n")]
    [InlineData("serial=%25FF&mac=52-54-00-00-00-01", "%ff\n")]
    [InlineData("serial=100%&mac=52-54-00-00-00-01", "100%\n")]
    public async Task A_serial_that_is_no_UTF8_counts_as_not_said(string query, string expected)
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(expected, await server.Boot.GetStringAsync($"/serial?{query}", Token));
    }

    [Theory]
    [InlineData("/first-stage-script/a%FF")]
    [InlineData("/callbacks/%C3/progress")]
    [InlineData("/install-plan/%ED%A0%80")]
    public async Task A_path_that_is_no_UTF8_is_refused_with_the_reason(string path)
    {
        await using var server = await TestServer.StartAsync();
        using var answer = path.StartsWith("/callbacks", StringComparison.Ordinal) ? await server.Boot.PostAsync(new Uri(path, UriKind.Relative), null, Token) : await server.Boot.GetAsync(new Uri(path, UriKind.Relative), Token);
        Assert.Equal((HttpStatusCode.BadRequest, "The serial in the path is not valid: it is not UTF-8."), (answer.StatusCode, await TestServer.DetailOf(answer)));
    }

    [Theory]
    [InlineData("Serial")]
    [InlineData("Uuid")]
    [InlineData("ConnectedNIC")]
    [InlineData("IPMIAddress")]
    [InlineData("NetDevs.Name")]
    [InlineData("NetDevs.MacAddress")]
    [InlineData("Dmi.Serial")]
    [InlineData("Dmi.BoardSerial")]
    [InlineData("Dmi.Uuid")]
    [InlineData("Unheard")]
    public async Task A_config_is_the_benign_one_apart_from_the_fact_or_is_refused(string place)
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2, provisioning: generic, template: host.json}]");
        Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "generic"));
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "templates", "generic", "host.json"), Template, Token);
        var (status, text) = await PostAsync(server, Facts(place, []));
        var benign = DocumentTree.OfJson((await PostAsync(server, Facts("", []))).Text).Select(leaf => leaf.Name).ToList();
        Assert.NotEmpty(benign);
        var said = new HashSet<string>(StringComparer.Ordinal) { "", "eth0" };
        foreach (var (bytes, number) in Bytes(HostileValues.Count(share: 50)).Select((bytes, at) => (bytes, at)))
        {
            var isText = TryText(bytes, out var value);
            said.Add(value.Length > 256 ? "" : value);
            (status, text) = await PostAsync(server, Facts(place, isText && number % 2 == 0 ? Encoding.ASCII.GetBytes(Escaped(value)) : isText ? Encoding.UTF8.GetBytes(JsonEncodedText.Encode(value).Value) : bytes));
            var what = $"{place}, value {number} of seed {Seed}, {HostileValues.Shown(value)}: {status}";
            if (status == HttpStatusCode.OK)
            {
                Assert.True(isText, $"{what}: what is no UTF-8 was taken");
                var leaves = DocumentTree.OfJson(text);
                Assert.True(benign.SequenceEqual(leaves.Select(leaf => leaf.Name).Where(name => !name.StartsWith("/macs[1", StringComparison.Ordinal))), $"{what}\n{text}");
                var nic = leaves.Single(leaf => leaf.Name.StartsWith("/nic", StringComparison.Ordinal)).Text;
                Assert.True(said.Contains(nic) || said.Any(one => one.Length > 0 && nic.StartsWith(one[..Math.Min(one.Length, 64)], StringComparison.Ordinal)) || value.Length > 256, $"{what}\n{text}");
                Assert.Equal($"'{nic.Replace("'", "'\\''", StringComparison.Ordinal)}'", leaves.Single(leaf => leaf.Name.StartsWith("/word", StringComparison.Ordinal)).Text);
            }
            else
            {
                Assert.Contains("\"detail\":\"", text, StringComparison.Ordinal);
                Assert.True(status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError or HttpStatusCode.ServiceUnavailable, $"{what}\n{text}");
            }
        }
    }

    private static void AssertRefused(HttpResponseMessage answer, string text, string what)
    {
        Assert.True(answer.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError, what);
        // Kestrel itself answers a path that it does not decode, without a body.
        Assert.True(text.Length == 0 || ((string?)JsonNode.Parse(text)!["detail"])?.Length > 10, $"{what}\n{text}");
    }

    // What is not UTF-8 stands alone, and before, in and behind a text.
    private static IEnumerable<byte[]> Bytes(int count) => HostileValues.Of(Seed, count).Select((value, at) =>
    {
        var bytes = Encoding.UTF8.GetBytes(value.Length > 2000 ? value[..2000] : value);
        var no = NoUtf8[at % NoUtf8.Length];
        return (at % 4) switch
        {
            0 => bytes,
            1 => [.. bytes, .. no],
            2 => [.. no, .. bytes],
            _ => at % 8 == 3 ? no : bytes,
        };
    });

    private static bool TryText(byte[] bytes, out string text)
    {
        text = Encoding.UTF8.GetString(bytes);
        return bytes.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text));
    }

    private static string Encoded(byte[] bytes) => string.Concat(bytes.Select(one => $"%{one:X2}"));

    private static string Escaped(string text) => string.Concat(text.Select(c => $"\\u{(int)c:x4}"));

    private static byte[] Facts(string place, byte[] value)
    {
        byte[] At(string name, string usual) => place == name ? value : Encoding.UTF8.GetBytes(usual);
        return
        [
            .. "{\"Serial\":\""u8, .. At("Serial", "a"), .. "\",\"Uuid\":\""u8, .. At("Uuid", ""), .. "\",\"ConnectedNIC\":\""u8, .. At("ConnectedNIC", "eth0"),
            .. "\",\"IPMIAddress\":\""u8, .. At("IPMIAddress", "10.0.0.9"), .. "\",\"NetDevs\":[{\"Name\":\""u8, .. At("NetDevs.Name", "eth0"),
            .. "\",\"MacAddress\":\""u8, .. At("NetDevs.MacAddress", "52:54:00:00:00:01"), .. "\"}],"u8,
            .. (place.StartsWith("Dmi.", StringComparison.Ordinal) ? (byte[])
                [.. "\"Dmi\":{\"Serial\":\""u8, .. At("Dmi.Serial", "a"), .. "\",\"BoardSerial\":\""u8, .. At("Dmi.BoardSerial", ""), .. "\",\"Uuid\":\""u8, .. At("Dmi.Uuid", ""), .. "\"},"u8] : []),
            .. "\"Disks\":["u8, .. (place == "Unheard" ? (byte[])[.. "{\"Name\":\""u8, .. value, .. "\"}"u8] : []), .. "]}"u8,
        ];
    }

    private static async Task<(HttpStatusCode Status, string Text)> PostAsync(TestServer server, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var answer = await server.Boot.PostAsync(new Uri("/provisioning-config", UriKind.Relative), content, Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private static string Unnamed(string script) => Name().Replace(HexToken().Replace(script, "TOKEN"), "NAME");

    // Where a script has the machine's name: percent-encoded, or as one word in single quotes.
    [GeneratedRegex("(?<=machine |mayu\\.serial=|images/|/first-stage-script/)[A-Za-z0-9._~%-]+|(?<=^SERIAL(_WORD)?=)'([^'\n]|'\\\\'')*'$", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Name();

    [GeneratedRegex("[0-9a-f]{32}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex HexToken();
}
