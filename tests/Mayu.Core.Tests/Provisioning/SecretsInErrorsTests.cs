using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mayu.Core.Butane;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Primitives;
using Scriban.Runtime;

namespace Mayu.Core.Tests.Provisioning;

public sealed class SecretsInErrorsTests
{
    private const string Head = "ignition: {version: 3.3.0}\n";

    // Two of each shape: what is said must be the same, whatever the secret is, which no function, encoding or hash of it would be.
    private static readonly (string One, string Other)[] Secrets =
    [
        ("SuperDuper-1234", "HyperDoper-1289"),
        ("481516234", "581516927"),
        ("/srv/1/SuperDuper.cem", "/srv/1/HyperDoper.pem"),
        ("a b: \"[Super1\n- {Duper: 'x\n", "a d: \"[Hyper1\n- {Doper: 'z\n"),
    ];

    // Where X fails.
    private static readonly string[] Consumers =
    [
        "{{ X | math.abs }}", "{{ y = X; y.nosuch }}", "{{ y = X; y[X] }}", "{{ for a in X; a.b; end }}", "{{ y = {}; y[X] = 1; y | math.abs }}", "{{ y = {}; y[X] = 1; y.none }}",
        "{{ y = {}; y[X] = 1; y | json }}", "{{ file X }}", "{{ include X }}", "{{ render_file X }}", "{{ null | required X }}", "{{ X + {a: 1} }}", "{{ X * {} }}", "{{ X / 0 }}", "{{ X - 1 }}",
        "{{ X && 1.nosuch }}", "{{ X | regex.match X }}", "{{ [1][X] }}", "{{ \"pw\" | crypt_password X }}", "{{ X | crypt_password \"salt\" X }}", "{{ X | cidr_host X }}", "{{ X | cidr_netmask }}",
        "{{ X | indent X }}", "{{ X | ini }}", "{{ X | kickstart }}", "{{ X | X }}", "{{ X X }}", "{{ X }}", "{{ with X; nosuch; end }}", "{{ @X }}", "{{ X.a = 1 }}", "{{ X ? nosuch : nosuch }}", "{{ 1..X }}", "{{ X..1 | array.size }}",
        "{{ case X; when X; nosuch; end }}", "{{ -X }}", "{{ !X }}", "{{ tablerow a in X; a.b; end }}", "{{ y = X; y |> string.nosuch }}",
        Head + "{{ X | yaml }}: 1\n", Head + "storage: {files: [{path: {{ X | yaml }}}]}\n", Head + "storage: {files: [{path: /a, mode: {{ X }}}]}\n", "ignition: {version: {{ X | yaml }}}\n",
        "{{ X | json }}\n", "a: {{ X }}: {{ X }}\n", "a: \"{{ X | uri }}\n", "a: *{{ X | uri }}\n", "a: !{{ X | uri }} b\n", "a: &b{{ X | uri }} [\n", "%{{ X | uri }}\n", "- |x{{ X | uri }}\n",
        Head + "ignition: {config: {merge: [{source: {{ Head + (X | string.append \": 1\") | data_url }}}]}}\n",
        Head + "storage: {files: [{path: /a, contents: {source: {{ X | yaml }}}}]}\n", Head + "storage: {trees: [{local: {{ X | yaml }}}]}\n",
        "variant: flatcar\nversion: 1.0.0\nstorage: {files: [{path: /a, contents: {local: {{ X | yaml }}}}]}\n", "variant: {{ X | yaml }}\nversion: {{ X | yaml }}\n",
        "variant: flatcar\nversion: 1.0.0\nstorage: {files: [{path: /a, mode: {{ X }}}]}\n", Head + "passwd: {users: [{name: {{ X | yaml }}, {{ X | yaml }}: 2}]}\n",
    ];

    public static TheoryData<string> Functions => [.. NamesOf(TemplateFunctions.BuiltIn, "").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void No_error_depends_on_a_secret_that_went_through(string function)
    {
        string[] forms =
        [
            $"(secrets.s | {function})", $"(secrets.s | {function} 1)", $"(\"x\" | {function} secrets.s)", $"([secrets.s] | {function})", $"({{a: secrets.s}} | {function} \"a\")", $"({function} secrets.s secrets.s secrets.s)",
        ];
        for (var i = 0; i < Consumers.Length; i++)
        {
            // Not all by all, which takes a minute.
            for (var j = 0; j < forms.Length; j += 2)
            {
                Check(Consumers[i].Replace("X", forms[(i + j) % forms.Length], StringComparison.Ordinal), [Secrets[(i + (j / 2)) % Secrets.Length]]);
            }
        }
    }

    [Fact]
    public void No_error_depends_on_a_secret_itself()
    {
        var failed = 0;
        foreach (var consumer in Consumers)
        {
            failed += Check(consumer.Replace("X", "secrets.s", StringComparison.Ordinal), Secrets) ? 1 : 0;
            failed += Check(consumer.Replace("X", "(secrets.s + \"\")", StringComparison.Ordinal), Secrets) ? 1 : 0;
        }

        Assert.InRange(failed, Consumers.Length, int.MaxValue);
    }

    // With vars, too, but for what a rendered config says of itself.
    [Theory]
    [InlineData("{{ vars.p | math.abs }}", "line 1, column 13: `math.abs` needs a number: put string.to_int or string.to_double before it if the value is a text of digits")]
    [InlineData("{{ vars.num.x }}", "line 1, column 13: `vars.num` is a number, which has no `x`")]
    [InlineData("{{ vars.none | required vars.p }}", "a required value is missing, null or empty; the reason is in `vars.p`")]
    [InlineData("{{ vars.none | required \"why\" }}", "line 1, column 16: why")]
    [InlineData("{{ file (vars.p + \"x\") }}", "`(vars.p+\"x\")`: there is no such file")]
    [InlineData("{{ vars.p | file }}", "`vars.p`: there is no such file")]
    [InlineData("{{ include vars.p }}", "`vars.p`: the name of a snippet is a relative path")]
    [InlineData("{{ include \"../etc\" }}", "\"../etc\": the name of a snippet is a relative path of plain segments")]
    [InlineData("{{ for x in vars.num }}{{ end }}", "`vars.num` is a number: only a list can be looped over")]
    [InlineData("{{ [1, 2][vars.p] }}", "`")]
    public void Errors_quote_the_template_and_not_its_values(string template, string expected)
    {
        var message = Fault(template, "unused").Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("change me", message, StringComparison.Ordinal);
        Assert.DoesNotContain("424242", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Scriban", message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_not_logged_in_sees_the_place_and_the_kind_alone()
    {
        Assert.Equal("template /t/ignition/t.yaml, line 2, column 4: it cannot be rendered", Fault("a\n{{ nosuch }}", "s").Summary);
        Assert.Equal("template /t/ignition/t.yaml, line 2, column 1: what it prints has a fault", Fault(Head + "nosuch: {{ secrets.s | yaml }}", "s").Summary);
        Assert.Equal("template /t/ignition/t.yaml, line 2, column 4: what it prints has a fault", Fault(Head + "{{ secrets.s | yaml }}: 1", "SuperSecret").Summary);
    }

    // Whether one of them fails.
    private static bool Check(string template, IEnumerable<(string, string)> secrets)
    {
        var failed = false;
        foreach (var (one, other) in secrets)
        {
            if (Try(template, one) is not { } message)
            {
                continue;
            }

            failed = true;
            Assert.DoesNotContain("please report", message, StringComparison.Ordinal);
            foreach (var piece in Pieces(one))
            {
                Assert.False(message.Contains(piece, StringComparison.Ordinal) && !template.Contains(piece, StringComparison.Ordinal), $"{template} with {one}: {message}");
            }

            if (Try(template, other) is { } told)
            {
                Assert.True(message == told, $"{template}: {message} / {told}");
            }
        }

        return failed;
    }

    private static IEnumerable<string> Pieces(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        string[] forms =
        [
            secret, secret.ToUpperInvariant(), secret.ToLowerInvariant(), Convert.ToBase64String(bytes), Convert.ToBase64String(bytes.AsSpan(1)), Convert.ToBase64String(bytes.AsSpan(2)), Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes),
            Uri.EscapeDataString(secret), Convert.ToHexStringLower(SHA256.HashData(bytes)), new([.. secret.Reverse()]), long.TryParse(secret, out var number) ? (number + 1).ToString(CultureInfo.InvariantCulture) : "",
        ];
        return forms.SelectMany(form => Enumerable.Range(0, Math.Max(0, form.Length - 5)).Select(i => form.Substring(i, 6)));
    }

    private static string? Try(string template, string secret)
    {
        try
        {
            Render(template, secret);
            return null;
        }
        catch (TemplateException e)
        {
            return e.Message;
        }
    }

    private static TemplateException Fault(string template, string secret) => Assert.Throws<TemplateException>(() => Render(template, secret));

    private static void Render(string template, string secret) => new Provisioner(
        new TemplateRenderer(new TemplateLibrary(new OneTemplate(template), files: new NoSuchFiles())), new ProvisioningSettings
        {
            Network = Sample.Network,
            BootUrl = "http://10.0.0.1:4081",
            Secrets = new OneSecret(secret),
            Variables = (Mayu.Core.Yaml.YamlMap)Mayu.Core.Yaml.YamlLoader.Load("{p: change me, num: 424242}")!,
        }).Config(Sample.Machine("s1"), Sample.Profile("core") with { Provisioning = ProvisioningKind.Ignition, Template = "t" }, image: null);

    private static IEnumerable<string> NamesOf(ScriptObject map, string before) => map.SelectMany(entry => entry.Value switch
    {
        IScriptCustomFunction => [before + entry.Key],
        ScriptObject group => NamesOf(group, $"{before}{entry.Key}."),
        _ => Enumerable.Empty<string>(),
    });

    private sealed class OneTemplate(string text) : ITemplateFolder
    {
        public string PathOf(string name) => $"/t/{name}";

        public TemplateText? Find(string name) => name == "ignition/t.yaml" ? new TemplateText(PathOf(name), text) : null;
    }

    private sealed class OneSecret(string secret) : ISecretSource
    {
        public IEnumerable<string> Names => ["s"];

        public bool Has(string name) => name == "s";

        public bool TryRead(string name, Serial machine, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
        {
            (value, problem) = (secret, null);
            return true;
        }
    }

    private sealed class NoSuchFiles : IEmbeddedFiles
    {
        public ReadOnlyMemory<byte> Read(string path) => throw new EmbeddedFileException("there is no such file");

        public IReadOnlyList<EmbeddedFile> Below(string path) => throw new EmbeddedFileException("there is no such folder");
    }
}
