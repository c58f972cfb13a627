using System.Text;
using Mayu.Core.Butane;
using Mayu.Core.Provisioning;

namespace Mayu.Core.Tests.Provisioning;

public sealed class FileFunctionTests
{
    private static readonly byte[] Binary = [0x7f, (byte)'E', 0xff, 0x00];

    private readonly Files _files = new()
    {
        ["word"] = "plain-1"u8.ToArray(),
        ["motd"] = "Hello, \"you\"\n"u8.ToArray(),
        ["bin/tool"] = Binary,
        ["motd.tpl"] = "Welcome to {{ name }}\r\n{{ for i in 1..2 }}{{ i }}\n{{ end }}"u8.ToArray(),
        ["hostile.tpl"] = "one\n{{ hostile }}"u8.ToArray(),
        ["broken.tpl"] = "one\n\n{{ if }}"u8.ToArray(),
        ["nested.tpl"] = "[{{ render_file \"motd.tpl\" }}]"u8.ToArray(),
        ["self.tpl"] = "{{ render_file \"self.tpl\" }}"u8.ToArray(),
        ["large"] = Encoding.UTF8.GetBytes(new string('x', 1024 * 1024)),
    };

    [Theory]
    [InlineData("{{ file \"word\" }}", "plain-1")]
    [InlineData("{{ \"word\" | file }}", "plain-1")]
    [InlineData("{{ file \"motd\" | yaml }}", "\"Hello, \\\"you\\\"\\n\"")]
    [InlineData("{{ file \"motd\" | string.upcase | json }}", "\"HELLO, \\\"YOU\\\"\\n\"")]
    [InlineData("{{ file \"motd\" | data_url }}", "data:;base64,SGVsbG8sICJ5b3UiCg==")]
    [InlineData("{{ file \"bin/tool\" | base64 }}", "f0X/AA==")]
    [InlineData("{{ file \"bin/tool\" | data_url }}", "data:;base64,f0X/AA==")]
    [InlineData("{{ file \"bin/tool\" | sha256 }}", "a1d3c5c249a85389d191934e6e98f114c3f91c5d9b79dd61c2b07d44f1fa0617")]
    [InlineData("{{ render_file \"motd.tpl\" }}", "Welcome to web-1\n1\n2\n")]
    [InlineData("{{ render_file \"nested.tpl\" | json }}", "\"[Welcome to web-1\\n1\\n2\\n]\"")]
    [InlineData("{{ for name in [\"a\", \"b\"] }}{{ render_file \"motd.tpl\" }}{{ end }}{{ name }}", "Welcome to a\n1\n2\nWelcome to b\n1\n2\nweb-1")]
    [InlineData("{{ file (\"wo\" + \"rd\") | default \"x\" }}", "plain-1")]
    public void A_file_is_embedded(string template, string expected) => Assert.Equal(expected, Render(template));

    [Fact]
    public void A_compressed_file_can_be_unpacked()
    {
        using var packed = new MemoryStream(Convert.FromBase64String(Render("{{ file \"bin/tool\" | gzip_data_url }}")["data:;base64,".Length..]));
        using var bytes = new MemoryStream();
        new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Decompress).CopyTo(bytes);
        Assert.Equal(Binary, bytes.ToArray());
    }

    [Theory]
    [InlineData("a\n{{ file \"motd\" }}", "test, line 2, column 4: the printed value is not a plain word; choose how to encode it")]
    [InlineData("{{ file \"bin/tool\" }}", "test, line 1, column 4: the file bin/tool is no text in UTF-8: pass it to base64")]
    [InlineData("{{ file \"bin/tool\" | yaml }}", "the file bin/tool is no text in UTF-8")]
    [InlineData("{{ [file \"bin/tool\"] | json }}", "the file bin/tool is no text in UTF-8")]
    [InlineData("{{ file \"bin/tool\" | string.upcase }}", "the file bin/tool is no text in UTF-8")]
    [InlineData("{{ (file \"bin/tool\") + \"x\" | json }}", "the file bin/tool is no text in UTF-8")]
    [InlineData("{{ file \"nowhere\" | yaml }}", "test, line 1, column 4: nowhere: there is no such file")]
    [InlineData("{{ file \"../x\" }}", "test, line 1, column 4: ../x: there is no such file")]
    [InlineData("{{ file }}", "test, line 1, column")]
    [InlineData("{{ file 7 }}", "`7`: there is no such file")]
    [InlineData("{{ render_file \"hostile.tpl\" }}", "(files_dir) hostile.tpl, line 2, column 4: the printed value is not a plain word")]
    [InlineData("{{ render_file \"broken.tpl\" }}", "(files_dir) broken.tpl, line 3, column")]
    [InlineData("{{ render_file \"bin/tool\" }}", "(files_dir) bin/tool, line 1, column 1: it is not UTF-8 here")]
    [InlineData("{{ render_file \"self.tpl\" }}", "(files_dir) self.tpl, line 1, column")]
    [InlineData("{{ for i in 1..100; x = file \"large\"; end }}", "it makes more than the 67108864 characters")]
    public void What_cannot_be_embedded_is_an_error(string template, string expected) =>
        Assert.Contains(expected, Assert.Throws<TemplateException>(() => Render(template)).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_a_folder_of_files_there_are_none() => Assert.Contains("set files_dir in the configuration", Assert.Throws<TemplateException>(
        () => new TemplateRenderer(new TemplateLibrary()).Render(new TemplateText("test", "{{ file \"a\" }}"), new TemplateVariables())).Message, StringComparison.Ordinal);

    private string Render(string template) => new TemplateRenderer(new TemplateLibrary(files: _files)).Render(
        new TemplateText("test", template), new TemplateVariables().Set("name", "web-1").Set("hostile", "a: b"));

    private sealed class Files : Dictionary<string, byte[]>, IEmbeddedFiles
    {
        public ReadOnlyMemory<byte> Read(string path) => TryGetValue(path, out var bytes) ? bytes : throw new EmbeddedFileException("there is no such file");

        public IReadOnlyList<EmbeddedFile> Below(string path) => throw new NotSupportedException();
    }
}
