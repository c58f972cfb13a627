using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Mayu.Core.Rendering;
using Mayu.Primitives;
using Scriban;
using Scriban.Functions;
using Scriban.Runtime;

namespace Mayu.Core.Provisioning;

/// <summary>The functions that templates have beside Scriban's own: encoders, which make text that may be printed as it is, and helpers.</summary>
internal static class TemplateFunctions
{
    private const int MaxIndent = 64;

    /// <summary>All of them, encoders first.</summary>
    public static ImmutableArray<TemplateFunction> All { get; } =
    [
        Encoder("yaml", "the value as YAML", TemplateJson.EncodeYaml),
        Encoder("json", "the value as JSON", TemplateJson.Encode),
        Encoder("sh", "one POSIX shell word in single quotes", ShellWord),
        Encoder("uri", "the text percent-encoded, for a part of a URL", value => new EncodedText(Uri.EscapeDataString(TextOf(value)))),
        Encoder("base64", "the text's UTF-8 bytes in Base64", value => new EncodedText(Convert.ToBase64String(BytesOf(value)))),
        Encoder("data_url", "a `data:` URL of the text (RFC 2397), as Ignition's `source` takes it", value => new EncodedText(DataUrl(BytesOf(value)))),
        Encoder("gzip_data_url", "the same, compressed; Ignition needs `compression: gzip` next to it", value => new EncodedText(DataUrl(Gzip(BytesOf(value))))),
        Encoder("sha256", "the SHA-256 of the text's UTF-8 bytes, 64 hexadecimal digits", value => new EncodedText(Convert.ToHexStringLower(SHA256.HashData(BytesOf(value))))),
        new("crypt_password", ["SALT", "[ROUNDS]"], "the hash of a password for `/etc/shadow` (SHA-512 crypt, `$6$`). The salt has 1 to 16 characters of `0-9A-Za-z./`; 1000 to 100000 rounds, 5000 if not set. In a shell script, put `sh` behind it",
            (context, arguments) => Crypt(context.Budget, TextOf(arguments[0]), TextOf(arguments[1]), arguments.ElementAtOrDefault(2) is { } rounds ? NumberOf(rounds) : null)),
        Encoder("xml", "text in an XML element or in a quoted attribute", XmlText),
        Encoder("ini", "one value of a key in a systemd unit, a `.network` file or a keyfile; quotes, backslashes, `%` and control characters are refused", IniValue),
        Encoder("kickstart", "one word of a kickstart file; control characters and line ends are refused", KickstartWord),
        Encoder("dnsmasq", "one quoted value of dnsmasq's configuration", DnsmasqWord),
        new("file", ["PATH"], "a file of `files_dir`; one that is no text can only go to `base64`, `data_url`, `gzip_data_url` or `sha256`", (context, arguments) => FileFunctions.Read(context, arguments[0])) { TakesValue = false },
        new("render_file", ["PATH"], "what a file of `files_dir` prints as a template, with the same variables", (context, arguments) => FileFunctions.Render(context, arguments[0])) { TakesValue = false },
        new("indent", ["COUNT"], "each line of the text that is not empty, behind this many spaces (0 to 64). Encoded text stays encoded; a shell word of several lines gets the spaces, too", (_, arguments) => Indent(arguments[0], arguments[1])),
        new("join", ["SEPARATOR"], "the values of a list as one text, with the separator between them", (_, arguments) => Join(arguments[0], arguments[1])),
        new("default", ["OTHER"], "the value; the other one if the value is missing, null or an empty text", (_, arguments) => IsEmpty(arguments[0]) ? arguments[1] : arguments[0]),
        new("required", ["WHY"], "the value; an error with this text, which must be a literal, if the value is missing, null or an empty text",
            Required),
        new("cidr_host", ["NUMBER"], "the address with this number in a subnet such as `10.0.0.0/24`; `(-1)` is the last one", (_, arguments) => CidrHost(arguments[0], arguments[1])),
        new("cidr_netmask", [], "the netmask of a subnet such as `10.0.0.0/24`", (_, arguments) => SubnetOf(arguments[0]).Netmask.ToString()),
    ];

    /// <summary>Scriban's own names with these, for all templates. None of them can be changed by a template: the next one is for another machine.</summary>
    public static ScriptObject BuiltIn { get; } = MakeBuiltIn();

    // Scriban finds its own functions by reflection; a native build would leave them out.
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(ArrayFunctions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(MathFunctions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(ObjectFunctions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(RegexFunctions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(StringFunctions))]
    [UnconditionalSuppressMessage("Trimming", "IL2026:RequiresUnreferencedCode",
        Justification = "ScriptObject.From comes along as a member of the functions' base class; nobody calls it.")]
    private static ScriptObject MakeBuiltIn()
    {
        var names = TemplateContext.GetDefaultBuiltinObject();

        // Evaluates its argument as a template: a value from outside must never become one.
        Remove("object", "eval", "eval_template");

        // The same inputs give the same config, at any time.
        names.Remove("date");

        // What it gives has line ends and cannot be printed; include can.
        names.Remove("include_join");

        // Mayu's json and yaml bound what they write.
        Remove("object", "to_json", "from_json");
        Remove("math", "random", "uuid");
        names.SetValue("include", new EncodedInclude(), readOnly: true);
        foreach (var function in All)
        {
            names.SetValue(function.Name, function, readOnly: true);
        }

        var regex = (ScriptObject)names["regex"]!;
        foreach (var name in regex.Keys.ToList())
        {
            var function = (IScriptCustomFunction)regex[name]!;
            regex.Remove(name);
            regex.SetValue(name, new BoundedRegex(function, findsAll: name == "matches"), readOnly: true);
        }

        foreach (var group in names.Values.OfType<ScriptObject>())
        {
            group.IsReadOnly = true;
        }

        names.IsReadOnly = true;
        return names;

        void Remove(string name, params ReadOnlySpan<string> functions)
        {
            var group = (ScriptObject)names[name]!;
            foreach (var function in functions)
            {
                group.Remove(function);
            }
        }
    }

    private static TemplateFunction Encoder(string name, string doc, Func<object?, EncodedText> encode) => new(name, [], doc, (_, arguments) => encode(arguments[0]));

    private static ReadOnlySpan<byte> BytesOf(object? value) => value is BinaryFile file ? file.Bytes.Span : Encoding.UTF8.GetBytes(TextOf(value));

    private static string DataUrl(ReadOnlySpan<byte> bytes) => $"data:;base64,{Convert.ToBase64String(bytes)}";

    // Its header has neither time nor name: the same text gives the same bytes.
    private static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static EncodedText Crypt(RenderBudget budget, string password, string salt, long? rounds)
    {
        var hash = new EncodedText(Sha512Crypt.Hash(password, salt, rounds));
        budget.Work((int)(rounds ?? Sha512Crypt.DefaultRounds));
        return hash;
    }

    private static object Indent(object? value, object? count)
    {
        if (NumberOf(count) is not (>= 0 and <= MaxIndent))
        {
            throw new TemplateFaultException($"a text can be indented by 0 to {MaxIndent} spaces");
        }

        var spaces = new string(' ', (int)NumberOf(count));
        var text = TextOf(value);
        if (text.Length + ((text.AsSpan().Count('\n') + 1L) * spaces.Length) > RenderBudget.MaxText)
        {
            throw TooLong();
        }

        var lines = string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? line : spaces + line));
        return value is EncodedText encoded ? new EncodedText(lines) { Map = Mapped(encoded.Map, text, lines) } : lines;
    }

    private static SourceMap? Mapped(SourceMap? map, string text, string indented)
    {
        var mapped = map is null ? null : new SourceMap();
        mapped?.Add(0, indented, text, map!);
        return mapped;
    }

    private static string Join(object? value, object? separator)
    {
        if (value is not ScriptArray list)
        {
            throw new TemplateFaultException("only a list can be joined");
        }

        var (text, between) = (new StringBuilder(), "");
        foreach (var item in list)
        {
            text.Append(between).Append(TextOf(item));
            between = TextOf(separator);
            if (text.Length > RenderBudget.MaxText)
            {
                throw TooLong();
            }
        }

        return text.ToString();
    }

    /// <summary>A text has become too long.</summary>
    internal static TemplateFaultException TooLong() => new(TemplateFaultException.TooLongText);

    private static bool IsEmpty(object? value) => value is null or "" or EncodedText { Text.Length: 0 };

    // The reason stands in the template; where it is computed, it may be a value like any other.
    private static object? Required(CheckedTemplateContext context, ScriptArray arguments) => !IsEmpty(arguments[0]) ? arguments[0]
        : throw new TemplateFaultException(context.ArgumentOf(arguments[1]) is (var why, var isLiteral) && isLiteral ? why : $"a required value is missing, null or empty; the reason is in `{why}`");

    private static string CidrHost(object? subnet, object? number)
    {
        var (network, index) = (SubnetOf(subnet), NumberOf(number));
        var count = 1L << (32 - network.PrefixLength);
        return index >= -count && index < count
            ? new Ipv4((uint)(network.Network.Value + (index < 0 ? count + index : index))).ToString()
            : throw new TemplateFaultException("the subnet has no address with this number: it goes from 0 on, or from -1 backwards");
    }

    private static Ipv4Subnet SubnetOf(object? value) => Ipv4Subnet.TryParse(TextOf(value), out var subnet) && subnet is not null
        ? subnet
        : throw new TemplateFaultException("this is not an IPv4 subnet (like 10.0.0.0/24, without host bits)");

    private static long NumberOf(object? value) => value switch
    {
        int i => i,
        long l => l,
        _ => throw new TemplateFaultException("a whole number is needed here"),
    };

    /// <summary>One POSIX shell word in single quotes (XCU §2.2.2).</summary>
    private static EncodedText ShellWord(object? value)
    {
        var text = TextOf(value);
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw new TemplateFaultException("a shell word cannot hold a NUL character")
            : new EncodedText($"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'");
    }

    /// <summary>Text of an element or a quoted attribute (XML 1.0 §2.4, §2.3); a character that XML cannot have is refused (§2.2).</summary>
    private static EncodedText XmlText(object? value)
    {
        try
        {
            // Line ends and tabs are kept in an attribute only as references (§3.3.3).
            return new EncodedText(System.Xml.XmlConvert.VerifyXmlChars(TextOf(value))
                .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
                .Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&apos;", StringComparison.Ordinal)
                .Replace("\n", "&#10;", StringComparison.Ordinal).Replace("\r", "&#13;", StringComparison.Ordinal).Replace("\t", "&#9;", StringComparison.Ordinal));
        }
        catch (System.Xml.XmlException)
        {
            throw new TemplateFaultException("this value has a character that XML cannot have");
        }
    }

    // What quotes, escapes and specifiers mean differs between the programs that read such files, so they are not written at all.
    private static EncodedText IniValue(object? value)
    {
        var text = TextOf(value);
        return text.Any(char.IsControl) || text.AsSpan().ContainsAny("\"'\\%") || text.AsSpan().Trim().Length < text.Length
            ? throw new TemplateFaultException("this value cannot hold quotes, backslashes, %, control characters, or spaces at its ends")
            : new EncodedText(text);
    }

    // Its words are a shell's, but no word goes on in the next line, where a section such as %pre may begin. Python, which reads it, ends a line at two more
    // characters than those that control something.
    private static EncodedText KickstartWord(object? value)
    {
        var text = TextOf(value);
        return text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029')
            ? throw new TemplateFaultException("a word of a kickstart file cannot hold a control character or a line end")
            : ShellWord(text);
    }

    /// <summary>
    /// One value of a line of dnsmasq's configuration, in double quotes: inside them comma, hash, colon and space mean nothing. There is
    /// no way to write a control character, and no need to.
    /// </summary>
    private static EncodedText DnsmasqWord(object? value)
    {
        var text = TextOf(value);
        return text.Any(char.IsControl)
            ? throw new TemplateFaultException("a value of dnsmasq's configuration cannot hold a control character")
            : new EncodedText($"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
    }

    // A map says itself by saying what is in it, to any depth.
    internal static string TextOf(object? value) => value switch
    {
        null => throw new TemplateFaultException("there is no value to print"),
        string text => Whole(text),
        BinaryFile file => throw new TemplateFaultException(file.Problem),
        ScriptArray or ScriptObject => throw new TemplateFaultException("a list or a map cannot be printed as it is: convert it first, {{ … | json | … }}"),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    // UTF-8 has no form of half a pair: it would become another character in silence.
    private static string Whole(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff'); i >= 0 && i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
            {
                throw new TemplateFaultException("this value has half of a character (a surrogate without its other half), which cannot be written");
            }
        }

        return text;
    }
}
