using Mayu.Core.Provisioning;
using Mayu.Core.Yaml;

namespace Mayu.Core.Tests.Provisioning;

public sealed class TemplateRendererTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-templates-").FullName;

    [Theory]
    [InlineData("{{ name }}", "plain-1.example")]
    [InlineData("{{ number }} {{ truth }}", "7 true")]
    [InlineData("{{ \"/\" }}{{ \"\" }}{{ \"/a-b\" }}", "//a-b")]
    [InlineData("{{ hostile | sh }}", "'a'\\''b; reboot\n- x: \"y\"'")]
    [InlineData("{{ hostile | yaml }}", "\"a'b; reboot\\n- x: \\\"y\\\"\"")]
    [InlineData("{{ hostile | uri }}", "a%27b%3B%20reboot%0A-%20x%3A%20%22y%22")]
    [InlineData("{{ quoted | dnsmasq }}", "\"a \\\"b\\\\, c#\"")]
    [InlineData("{{ \"a'b %pre\" | kickstart }}", "'a'\\''b %pre'")]
    [InlineData("{{ \"\ud83d\ude00\\\\ud83d\" | yaml }}", "\"\\U0001F600\\\\ud83d\"")]
    [InlineData("{{ \"\ud83d\ude00\\\\ud83d\" | json }}", "\"\ud83d\ude00\\\\ud83d\"")]
    [InlineData("{{ list | json }}", "[\"1\",\"b c\"]")]
    [InlineData("{{ [null, true, 1, 9223372036854775807, 1.5, \"a\", [], {b: null}] | json }}", "[null,true,1,9223372036854775807,1.5,\"a\",[],{\"b\":null}]")]
    [InlineData("<a b='{{ \"<&>'\\\"\\n\" | xml }}'/>", "<a b='&lt;&amp;&gt;&apos;&quot;&#10;'/>")]
    [InlineData("{{ name | data_url }}", "data:;base64,cGxhaW4tMS5leGFtcGxl")]
    public void Values_are_printed_plain_or_encoded(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ name | base64 }}", "cGxhaW4tMS5leGFtcGxl")]
    [InlineData("{{ \"abc\" | sha256 }}", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("{{ list | join \", \" | yaml }}", "\"1, b c\"")]
    [InlineData("{{ [\"a\", 2] | join \"-\" }}", "a-2")]
    [InlineData("{{ \"a\\n\\nb\" | indent 2 | json }}", "\"  a\\n\\n  b\"")]
    [InlineData("{{ include \"lines.txt\" | indent 4 }}", "    x: 1\n\n    y: 2")]
    [InlineData("{{ \"10.0.0.0/24\" | cidr_host 5 }} {{ \"10.0.0.0/24\" | cidr_host (-1) }} {{ \"10.0.0.0/24\" | cidr_netmask }}", "10.0.0.5 10.0.0.255 255.255.255.0")]
    [InlineData("{{ map.missing | default \"b\" }} {{ map.key | default \"b\" }} {{ \"\" | default \"c\" }} {{ map.missing | default 7 | json }}", "b value c 7")]
    [InlineData("{{ map.key | required \"why\" }}", "value")]
    [InlineData("{{ \"a,b\" | string.split \",\" | json }} {{ [1, 2] | array.reverse | join \"-\" }} {{ 1..3 | json }}", "[\"a\",\"b\"] 2-1 [1,2,3]")]
    [InlineData("{{ a = [1]; b = a + [2]; a[0] = b; b | json }}", "[1,2]")]
    [InlineData("{{ map.missing | default (map.other | default \"c\") }} {{ map.missing | default map.key }}", "c value")]
    [InlineData("{{ for i in 1..2 }}{{ map.missing | default i }}{{ end }}", "12")]
    public void Helpers_give_what_their_table_says(string template, string expected)
    {
        File.WriteAllText(Path.Combine(_directory, "lines.txt"), "x: 1\n\ny: 2");
        Assert.Equal(expected, Render(template));
    }

    [Fact]
    public void Compressed_text_is_the_same_each_time_and_can_be_unpacked()
    {
        var url = Render("{{ hostile | gzip_data_url }}");
        Assert.Equal(url, Render("{{ hostile | gzip_data_url }}"));
        using var packed = new MemoryStream(Convert.FromBase64String(url["data:;base64,".Length..]));
        using var text = new StreamReader(new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Decompress));
        Assert.Equal("a'b; reboot\n- x: \"y\"", text.ReadToEnd());
    }

    [Fact]
    public void A_template_or_snippet_that_changes_is_rendered_as_it_is_now()
    {
        var renderer = new TemplateRenderer(TestTemplates.Library(_directory));
        var (template, snippet) = (Path.Combine(_directory, "changes.txt"), Path.Combine(_directory, "part.txt"));
        File.WriteAllText(template, "a {{ include \"part.txt\" }}");
        File.WriteAllText(snippet, "1");
        Assert.Equal(["a 1", "a 1"], Enumerable.Range(0, 2).Select(_ => renderer.Render("changes.txt", new TemplateVariables())));

        File.WriteAllText(snippet, "2");
        Assert.Equal("a 2", renderer.Render("changes.txt", new TemplateVariables()));
        File.WriteAllText(template, "b {{ include \"part.txt\" }}");
        Assert.Equal("b 2", renderer.Render("changes.txt", new TemplateVariables()));
        File.WriteAllText(snippet, "x\n{{ if }}");
        Assert.Contains("part.txt, line 2", Assert.Throws<TemplateException>(() => renderer.Render("changes.txt", new TemplateVariables())).Message, StringComparison.Ordinal);
    }

    // All templates share the functions: what one changed would be another machine's config.
    [Theory]
    [InlineData("{{ string.upcase = 1 }}")]
    [InlineData("{{ string.mine = 1 }}")]
    [InlineData("{{ object.keys = 1 }}")]
    [InlineData("{{ include = 1; \"\" }}")]
    [InlineData("{{ yaml = 1 }}")]
    [InlineData("{{ string = 1 }}")]
    [InlineData("{{ mine = 1 }}")]
    public void A_template_changes_nothing_for_the_next_one(string template)
    {
        try
        {
            Render(template);
        }
        catch (TemplateException)
        {
            // Refused is as good.
        }

        Assert.Equal("A \"b\" k", Render("{{ \"a\" | string.upcase }} {{ \"b\" | yaml }} {{ {k: 1} | object.keys | array.first }}"));
        Assert.Throws<TemplateException>(() => Render("{{ mine }}"));
        Assert.Throws<TemplateException>(() => Render("{{ string.mine }}"));
    }

    [Fact]
    public void Requests_that_share_a_template_print_their_own_values()
    {
        var renderer = new TemplateRenderer(TestTemplates.Library(_directory));
        File.WriteAllText(Path.Combine(_directory, "shared.txt"), "{{ for i in 1..50 }}{{ include \"own.txt\" }}{{ end }}");
        File.WriteAllText(Path.Combine(_directory, "own.txt"), "{{ if n > 0 }}{{ n | string.append \"x\" | string.upcase }}{{ end }}");
        Parallel.For(1, 200, n => Assert.Equal(string.Concat(Enumerable.Repeat($"{n}X", 50)), renderer.Render("shared.txt", new TemplateVariables().Set("n", n))));
    }

    // A misspelt name on the way is an error all the same.
    [Theory]
    [InlineData("{{ mpa.a | default \"b\" }}", "mpa")]
    [InlineData("{{ map.b.c | default \"b\" }}", "there is no `map.b`")]
    [InlineData("{{ missing | default \"b\" }}", "missing")]
    [InlineData("{{ map.missing | required \"vars.missing: the root disk\" }}", "test.sh, line 1, column 18: vars.missing: the root disk")]
    [InlineData("{{ map.missing | json | default \"b\" }}", "missing")]
    [InlineData("{{ list | indent 2 }}", "convert it first")]
    [InlineData("{{ name | indent 65 }}", "a text can be indented by 0 to 64 spaces")]
    [InlineData("{{ name | indent \"2\" }}", "a whole number is needed here")]
    [InlineData("{{ name | join \",\" }}", "only a list can be joined")]
    [InlineData("{{ \"10.0.0.0/30\" | cidr_host 4 }}", "the subnet has no address with this number")]
    [InlineData("{{ \"10.0.0.1/24\" | cidr_netmask }}", "this is not an IPv4 subnet")]
    [InlineData("{{ date.now }}", "date")]
    [InlineData("{{ math.random 1 6 }}", "random")]
    [InlineData("{{ math.uuid }}", "uuid")]
    [InlineData("{{ hostile | join \"\" }}", "only a list can be joined")]
    [InlineData("{{ [hostile] | join \"\" }}", "encode")]
    [InlineData("{{ hostile | indent 2 }}", "encode")]
    [InlineData("{{ hostile | default \"x\" }}", "encode")]
    public void What_a_helper_cannot_do_is_an_error(string template, string expected) =>
        Assert.Contains(expected, Assert.Throws<TemplateException>(() => Render(template)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{{ hostile }}")]
    [InlineData("{{ hostile | string.upcase }}")]
    [InlineData("{{ \"key:\" }}")]
    [InlineData("{{ \"- item\" }}")]
    [InlineData("{{ \"-a\" }}")]
    [InlineData("{{ \".5\" }}")]
    [InlineData("{{ \"-\" }}")]
    [InlineData("{{ hostile | sh | string.upcase }}")]
    [InlineData("{{ include \"hostile.txt\" }}")]
    public void A_value_that_is_no_plain_word_must_be_encoded(string template)
    {
        File.WriteAllText(Path.Combine(_directory, "hostile.txt"), "{{ hostile }}");
        var error = Assert.Throws<TemplateException>(() => Render(template));
        Assert.Contains("encode", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("reboot", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\nb {{ missing }}", "line 2, column 6", "missing")]
    [InlineData("{{ map.missing }}", "line 1", "missing")]
    [InlineData("{{ if }}", "line 1", "if")]
    [InlineData("{{ include \"../../etc/passwd\" }}", "line 1", "plain segments")]
    [InlineData("{{ include \"nowhere.txt\" }}", "line 1", "nowhere.txt")]
    [InlineData("{{ object.eval \"1\" }}", "line 1", "eval")]
    [InlineData("{{ for i in 1..1000000 }}x{{ end }}", "line 1", "")]
    public void Errors_name_file_line_and_what_is_wrong(string template, string place, string what)
    {
        var error = Assert.Throws<TemplateException>(() => Render(template));
        Assert.Contains("test.sh", error.Message, StringComparison.Ordinal);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ null | sh }}", "there is no value to print")]
    [InlineData("{{ list | sh }}", "a list or a map cannot be printed as it is")]
    [InlineData("{{ map | uri }}", "a list or a map cannot be printed as it is")]
    [InlineData("{{ \"a\\0b\" | sh }}", "a shell word cannot hold a NUL character")]
    [InlineData("{{ \"a\\x01b\" | xml }}", "has a character that XML cannot have")]
    [InlineData("{{ \"a\\tb\" | dnsmasq }}", "cannot hold a control character")]
    [InlineData("{{ \"a\\n%pre\" | kickstart }}", "cannot hold a control character or a line end")]
    [InlineData("{{ \"a\\u2028%pre\" | kickstart }}", "cannot hold a control character or a line end")]
    [InlineData("{{ \"\\ud83d\\ude00\" | string.slice 0 1 | yaml }}", "half of a character")]
    [InlineData("{{ \"\\ud83d\\ude00\" | string.slice 1 | sh }}", "half of a character")]
    public void A_value_that_an_encoder_cannot_print_is_an_error(string template, string expected) =>
        Assert.Contains(expected, Assert.Throws<TemplateException>(() => Render(template)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_loop_goes_on_for_ten_thousand_rounds_and_no_longer()
    {
        Assert.Equal(new string('x', 10_000), Render("{{ for i in 1..10000 }}x{{ end }}"));
        Assert.Throws<TemplateException>(() => Render("{{ for i in 1..10001 }}x{{ end }}"));
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a:", "}")]
    public void A_list_or_map_is_printed_as_deep_as_a_document_may_be_and_no_deeper(string open, string close)
    {
        var deepest = Nested(YamlLimits.MaxDepth - 1);
        Assert.Equal(deepest.Replace("a:", "\"a\":", StringComparison.Ordinal), Render($"{{{{ {deepest} | json }}}}"));
        Assert.Throws<TemplateException>(() => Render($"{{{{ {Nested(YamlLimits.MaxDepth + 1)} | json }}}}"));
        // None gets as far as a function, where Scriban would follow it.
        Assert.Contains(
            "this list or map contains itself", Assert.Throws<TemplateException>(() => Render($"{{{{ x = {Nested(YamlLimits.MaxDepth + 1)}; 7 }}}}")).Message, StringComparison.Ordinal);
        Assert.Equal("7", Render($"{{{{ x = {Nested(YamlLimits.MaxDepth)}; 7 }}}}"));

        string Nested(int depth) => string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
    }

    [Fact]
    public void A_list_has_as_many_values_as_a_document_may_have_and_no_more()
    {
        const string Ten = "[1,2,3,4,5,6,7,8,9,0]";
        Assert.StartsWith("[[[", Render($"{{{{ x = {Ten}; y = [x,x,x,x,x,x,x,x,x,x]; z = [y,y,y,y,y,y,y,y,y,y]; w = [z,z,z,z,z,z,z,z]; w | json }}}}"), StringComparison.Ordinal);
        Assert.Throws<TemplateException>(() => Render($"{{{{ x = {Ten}; y = [x,x,x,x,x,x,x,x,x,x]; z = [y,y,y,y,y,y,y,y,y,y]; w = [z,z,z,z,z,z,z,z,z,z]; [w,w,w,w,w,w,w,w,w,w] | json }}}}"));
        Assert.Throws<TemplateException>(() => Render($"{{{{ x = {Ten}; y = [x,x,x,x,x,x,x,x,x,x]; z = [y,y,y,y,y,y,y,y,y,y]; w = [z,z,z,z,z,z,z,z,z,z]; v = {{a: [w,w,w,w,w,w,w,w,w,w]}}; 7 }}}}"));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void A_template_has_a_name_of_at_most_200_characters(int length, bool isTaken)
    {
        var refused = Assert.Throws<TemplateException>(() => TestTemplates.Library(_directory).Template(new string('a', length)));
        Assert.Equal(!isTaken, refused.Message.Contains("is not a relative path of plain segments", StringComparison.Ordinal));
    }

    // They all were line 1, column 1: Scriban prints in the name of the block that the value stands in.
    [Theory]
    [InlineData("a\nb\n{{ hostile }}\n", "test.sh, line 3, column 4")]
    [InlineData("a\n{{ for x in list }}\n{{ if truth }}\n  {{ hostile | string.upcase }}\n{{ end }}\n{{ end }}", "test.sh, line 4, column 6")]
    [InlineData("a\n{{ name }} {{ hostile | sh }} {{ hostile }}", "test.sh, line 2, column 34")]
    [InlineData("a\n{{ include \"lines.txt\" }}\n", "lines.txt, line 2, column 4")]
    [InlineData("a\n{{ include \"name.txt\" }}\n{{ hostile }}\n", "test.sh, line 3, column 4")]
    public void A_value_that_must_be_encoded_is_named_by_its_line(string template, string place)
    {
        File.WriteAllText(Path.Combine(_directory, "lines.txt"), "a\n{{ hostile }}");
        File.WriteAllText(Path.Combine(_directory, "name.txt"), "{{ name }}");

        Assert.Contains(place, Assert.Throws<TemplateException>(() => Render(template)).Message, StringComparison.Ordinal);
    }

    // It was read with U+FFFD in the place of the letter, and the machine had that in its config.
    [Fact]
    public void A_template_or_snippet_that_is_no_utf8_is_an_error_with_its_line()
    {
        File.WriteAllBytes(Path.Combine(_directory, "latin1.txt"), [.. "one\nM"u8, 0xFC, .. "ller\n"u8]);
        var library = TestTemplates.Library(_directory);
        foreach (var read in new Func<object>[] { () => library.Template("latin1.txt"), () => library.Snippet("latin1.txt") })
        {
            var message = Assert.Throws<TemplateException>(read).Message;
            Assert.Contains("latin1.txt, line 2", message, StringComparison.Ordinal);
            Assert.Contains("not UTF-8", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_template_that_was_saved_in_utf16_is_an_error()
    {
        File.WriteAllText(Path.Combine(_directory, "utf16.txt"), "#!/bin/sh\n", System.Text.Encoding.Unicode);
        Assert.Contains("not UTF-8", Assert.Throws<TemplateException>(() => TestTemplates.Library(_directory).Template("utf16.txt")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_a_template()
    {
        File.WriteAllBytes(Path.Combine(_directory, "marked.txt"), [0xEF, 0xBB, 0xBF, .. "#!/bin/sh\n"u8]);
        Assert.Equal("#!/bin/sh\n", TestTemplates.Library(_directory).Template("marked.txt").Text);
    }

    // `#!/bin/sh\r` is no interpreter, and `#cloud-config\r` no cloud-config.
    [Fact]
    public void A_template_with_line_ends_of_windows_prints_those_of_unix()
    {
        File.WriteAllText(Path.Combine(_directory, "part.txt"), "b\r\nc\r\n");
        Assert.Equal("#!/bin/sh\na plain-1.example\nb\nc\n", Render("#!/bin/sh\r\na {{ name }}\r\n{{ include \"part.txt\" }}"));
    }

    [Fact]
    public void Every_character_that_the_encoder_prints_can_be_read_again_as_yaml()
    {
        var all = string.Concat(Enumerable.Range(1, 0x10FFFF).Where(c => c is < 0x3000 or > 0xFE00 and < 0x1F700).Where(c => c is < 0xD800 or > 0xDFFF).Select(char.ConvertFromUtf32));
        File.WriteAllText(Path.Combine(_directory, "all.txt"), "a: {{ all | yaml }}");
        var yaml = new TemplateRenderer(TestTemplates.Library(_directory)).Render("all.txt", new TemplateVariables().Set("all", all));
        Assert.Equal(all, ((Mayu.Core.Yaml.YamlScalar)((Mayu.Core.Yaml.YamlMap)Mayu.Core.Yaml.YamlLoader.Load(yaml)!).Entries[0].Value).Text);
    }

    [Theory]
    [InlineData("../test.sh")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../b")]
    [InlineData("a/..")]
    [InlineData(".")]
    [InlineData("./a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a\0b")]
    [InlineData("")]
    public void A_template_name_never_leads_out_of_its_folder(string name) =>
        Assert.Throws<TemplateException>(() => TestTemplates.Library(_directory).Template(name));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Render(string template)
    {
        File.WriteAllText(Path.Combine(_directory, "test.sh"), template);
        return new TemplateRenderer(TestTemplates.Library(_directory)).Render("test.sh", new TemplateVariables()
            .Set("name", "plain-1.example")
            .Set("number", 7)
            .Set("truth", true)
            .Set("hostile", "a'b; reboot\n- x: \"y\"")
            .Set("quoted", "a \"b\\, c#")
            .Set("list", ["1", "b c"])
            .Set("map", new TemplateVariables().Set("key", "value")));
    }
}
