using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Core.Rendering;
using Mayu.Core.Tests.Hostile;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Provisioning;

/// <summary>Errors of templates that repeat a secret, as it is or as a function wrote it.</summary>
public sealed class SecretMaskTests : IDisposable
{
    private const string Secret = "c4n4ry <a> & \"b\" 'c' \\ /+= é\nsecond l1ne of it";
    private const int LeastSecret = 4;

    // Its parameters, of those that have some. crypt_password is left out: the hash depends on the salt, and cannot be undone.
    private static readonly Dictionary<string, string> Arguments = new(StringComparer.Ordinal)
    {
        ["indent"] = " 2",
        ["join"] = " ','",
        ["default"] = " 'x'",
        ["required"] = " 'x'",
        ["cidr_host"] = " 1",
    };

    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-mask-").FullName;

    public static TheoryData<string> Functions => [.. TemplateFunctions.All.Where(function => function.TakesValue && function.Name != "crypt_password").Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void What_a_function_makes_of_a_hostile_secret_is_in_no_error(string function)
    {
        var template = $"{{{{ '' | required ({Call(function)}) }}}}";
        var told = 0;
        foreach (var secret in HostileValues.Of(seed: 13, count: 300).Append(Secret).Where(secret => secret.Length >= LeastSecret && !string.IsNullOrWhiteSpace(secret)))
        {
            var message = Fault(template, secret);
            var encoded = function == "indent" ? string.Join('\n', secret.Split('\n').Select(line => line.Length == 0 ? "" : "  " + line))
                : TemplateFunctions.All.Single(one => one.Name == function).Encode is { } encode ? Try(encode, secret) : secret;
            if (encoded is not null)
            {
                told += message.EndsWith("***", StringComparison.Ordinal) ? 1 : 0;
                Assert.False(message.Contains(encoded, StringComparison.Ordinal), $"{HostileValues.Shown(secret)}: {HostileValues.Shown(message)}");
            }

            Assert.False(message.Contains(secret, StringComparison.Ordinal), $"{HostileValues.Shown(secret)}: {HostileValues.Shown(message)}");
        }

        Assert.True(function is "join" or "cidr_host" or "cidr_netmask" or "ini" || told > 50, $"only {told} messages had the secret");
    }

    // What was masked before it was cut, or encoded with other text, is not the encoded secret, but shows it.
    [Theory]
    [InlineData("secrets.s | string.slice 0 12")]
    [InlineData("secrets.s | string.slice 21 14 | json")]
    [InlineData("'user:' + secrets.s | base64")]
    [InlineData("'a' + secrets.s + 'b' | data_url")]
    [InlineData("'ab' + secrets.s + 'cd' | base64")]
    [InlineData("secrets.s | string.split \"\\n\" | array.last | base64")]
    [InlineData("secrets.s | string.split \"\\n\" | array.last | yaml")]
    [InlineData("'Bearer ' + secrets.s | json")]
    [InlineData("'Bearer ' + secrets.s | sh")]
    [InlineData("'Bearer ' + secrets.s | uri")]
    [InlineData("'Bearer ' + secrets.s | xml")]
    [InlineData("secrets.s | sh | json")]
    public void A_part_of_a_secret_or_one_with_text_around_it_is_hidden_too(string expression)
    {
        var message = Fault($"{{{{ '' | required ({expression}) }}}}", Secret);
        var plain = Fault($"{{{{ '' | required ({expression}) }}}}", Secret, hasSecret: false);
        Assert.Contains("***", message, StringComparison.Ordinal);
        Assert.True(message.Length < "template t, line 1, column 7: ***".Length + _directory.Length + 40, message);
        Assert.DoesNotContain("***", plain, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, Secret.Length - 8), at => Assert.DoesNotContain(Secret.Substring(at, 8), message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_rest_of_the_message_stays()
    {
        Assert.EndsWith("t.txt, line 1, column 9: no *** here", Fault("{{ '' | required ('no ' + secrets.s + ' here') }}", "pass"), StringComparison.Ordinal);
        Assert.EndsWith("t.txt, line 1, column 9: *** and ***", Fault("{{ '' | required (secrets.s + ' and ' + (secrets.s | base64)) }}", Secret), StringComparison.Ordinal);
        Assert.EndsWith(": a data:;base64,H4sIAAAAAAAAA and ''", Fault("{{ secrets.s | sh }}{{ '' | required \"a data:;base64,H4sIAAAAAAAAA and ''\" }}", Secret), StringComparison.Ordinal);
    }

    // It is no longer than a piece: it is found as a whole or not at all, whatever shares a group of Base64 with it.
    [Fact]
    public void A_short_secret_is_hidden_whatever_is_next_to_it()
    {
        var mask = new SecretMask(TemplateFunctions.Encoders);
        string[] neighbours = ["", "1", "x", "~~", "\u0001", "é", "0 1", "{\"a\"}"];
        var texts = from before in neighbours from after in neighbours select $"{before}pass{after}";
        Assert.All(texts, text => Assert.Contains("***", mask.Masked(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), ["pass"]), StringComparison.Ordinal));
    }

    // A message loses its final full stop.
    [Fact]
    public void A_short_secret_that_ends_with_a_full_stop_is_hidden() =>
        Assert.EndsWith("column 9: no ***", Fault("{{ '' | required ('no ' + secrets.s) }}", "pin."), StringComparison.Ordinal);

    [Fact]
    public void A_long_message_is_cut()
    {
        var message = new SecretMask(TemplateFunctions.Encoders).Masked(new string('m', SecretMask.MaxMessage - 4) + Secret, [Secret]);
        Assert.Equal(new string('m', SecretMask.MaxMessage - 4) + "c4n4 …", message);
        Assert.Equal(new string('m', 100_000), new SecretMask(TemplateFunctions.Encoders).Masked(new string('m', 100_000), []));
    }

    // A secret of 64 KiB of one character and a message of nothing else.
    [Fact]
    public void The_longest_secret_is_looked_for_in_the_longest_message_within_a_second()
    {
        var (mask, secret) = (new SecretMask(TemplateFunctions.Encoders), new string('a', 64 * 1024));
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.Equal("*** …", mask.Masked(secret, [secret]));
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(1), $"{System.Diagnostics.Stopwatch.GetElapsedTime(begun)}");
    }

    [Fact]
    public void A_new_encoder_is_masked_as_the_others_are()
    {
        ImmutableArray<Func<object?, EncodedText>> encoders = [.. TemplateFunctions.Encoders, value => new EncodedText("[" + string.Join('-', $"{value}".Select(c => $"{(int)c:x}")) + "]")];
        Assert.Equal("a ***, not [61-62]", new SecretMask(encoders).Masked("a [70-61-73-73], not [61-62]", ["pass"]));
        Assert.Equal("a [61***62]", new SecretMask(encoders).Masked("a [61-70-61-73-73-62]", ["pass"]));
        Assert.Equal(TemplateFunctions.All.Count(function => function.Encode is not null), TemplateFunctions.Encoders.Length);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string Call(string function) => $"secrets.s | {function}{Arguments.GetValueOrDefault(function)}";

    private static string? Try(Func<object?, EncodedText> encode, string secret)
    {
        try
        {
            return encode(secret).Text;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private string Fault(string template, string secret, bool hasSecret = true)
    {
        Directory.CreateDirectory(Path.Combine(_directory, "generic"));
        File.WriteAllText(Path.Combine(_directory, "generic", "t.txt"), hasSecret ? template : template.Replace("secrets.s", "'plain text of a value, with some length'", StringComparison.Ordinal));
        var provisioner = new Provisioner(new TemplateRenderer(TestTemplates.Library(_directory)), new ProvisioningSettings { Network = Sample.Network, BootUrl = "http://10.0.0.1:4081", Secrets = new OneSecret(secret) });
        return Assert.Throws<TemplateException>(
            () => provisioner.Config(Sample.Machine("s1"), Sample.Profile("core") with { Provisioning = ProvisioningKind.Generic, Template = "t.txt" }, image: null)).Message;
    }

    private sealed class OneSecret(string value) : ISecretSource
    {
        public IEnumerable<string> Names => ["s"];

        public bool Has(string name) => name == "s";

        public bool TryRead(string name, Serial machine, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
        {
            (text, problem) = (value, null);
            return true;
        }
    }
}
