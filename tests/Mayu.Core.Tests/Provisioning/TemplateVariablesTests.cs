using Mayu.Core.Provisioning;
using Mayu.Core.Yaml;

namespace Mayu.Core.Tests.Provisioning;

public sealed class TemplateVariablesTests : IDisposable
{
    private const string Variables = """
        version: 1.30
        serial: 1234567e8
        long: 123456789012345678901234567890
        precise: 0.1000000000000000055511151231257827
        hex: 0x1A4
        octal: 0o644
        half: .5
        plus: +7
        negative: -1.5
        count: 3
        list: [1.30, 2]
        text: !!str 12
        pin: "00123"
        truth: True
        nothing: Null
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-templates-").FullName;

    // 1.30 became 1.3, 1234567e8 became 123456700000000, the long ones lost digits, 0x1A4 was a text.
    [Theory]
    [InlineData("{{ v.version }}", "1.30")]
    [InlineData("{{ v.serial }}", "1234567e8")]
    [InlineData("{{ v.long }}", "123456789012345678901234567890")]
    [InlineData("{{ v.precise }}", "0.1000000000000000055511151231257827")]
    [InlineData("{{ v.hex }}", "0x1A4")]
    [InlineData("{{ v.octal }}", "0o644")]
    [InlineData("{{ v.half }}", ".5")]
    [InlineData("{{ v.plus }}", "+7")]
    [InlineData("{{ v.negative }}", "-1.5")]
    [InlineData("{{ v.text }} {{ v.pin }} {{ v.truth }}", "12 00123 true")]
    [InlineData("{{ v.version | sh }} {{ v.half | uri }} {{ v.octal | dnsmasq }}", "'1.30' .5 \"0o644\"")]
    [InlineData("{{ \"v\" + v.version }}", "v1.30")]
    [InlineData("{{ v.version + \"-rc\" }}", "1.30-rc")]
    [InlineData("{{ v.version | string.append \"-rc\" }}", "1.30-rc")]
    [InlineData("{{ for x in v.list }}{{ x }},{{ end }}", "1.30,2,")]
    [InlineData("{{ v.list | array.join \"-\" }}", "1.30-2")]
    public void A_number_that_is_passed_on_as_text_keeps_its_spelling(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ v | json }}", """{"version":1.30,"serial":1234567e8,"long":123456789012345678901234567890,"precise":0.1000000000000000055511151231257827,"hex":420,"octal":420,"half":0.5,"plus":7,"negative":-1.5,"count":3,"list":[1.30,2],"text":"12","pin":"00123","truth":true}""")]
    [InlineData("{{ v.hex | yaml }}", "420")]
    [InlineData("{{ v.list | yaml }}", "[1.30,2]")]
    public void As_json_it_keeps_its_digits(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ v.hex + 1 }}", "421")]
    [InlineData("{{ 1 + v.octal }}", "421")]
    [InlineData("{{ v.version > 1.2 }} {{ v.version == 1.3 }} {{ v.half < 1 }}", "true true true")]
    [InlineData("{{ v.count * 2 }} {{ v.hex * v.half }}", "6 210")]
    [InlineData("{{ -v.hex }} {{ -v.half }}", "-420 -0.5")]
    [InlineData("{{ v.plus | math.plus 1 }}", "8")]
    [InlineData("{{ v.long + 1 | json }}", "123456789012345678901234567891")]
    [InlineData("{{ if v.version }}yes{{ end }}", "yes")]
    [InlineData("{{ for i in 1..v.plus }}{{ i }}{{ end }}", "1234567")]
    public void It_is_still_a_number_to_calculate_with(string template, string expected) => Assert.Equal(expected, Render(template));

    [Fact]
    public void What_is_nothing_is_not_there() => Assert.Contains("nothing", Assert.Throws<TemplateException>(() => Render("{{ v.nothing }}")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[]", "[x]", "[", "]")]
    [InlineData("{}", "{a: x}", "{\"a\":", "}")]
    public void A_value_that_is_deep_and_not_too_deep_is_encoded(string innermost, string outer, string open, string close) => Assert.Equal(
        string.Concat(Enumerable.Repeat(open, 60)) + innermost + string.Concat(Enumerable.Repeat(close, 60)),
        Render($"{{{{ x = {innermost}; for i in 1..60; x = {outer}; end; x | json }}}}"));

    // A map that was put into itself ended the server with a stack overflow, a list of lists of lists took all memory.
    [Theory]
    [InlineData("{{ x = {}; x.a = x; x | json }}")]
    [InlineData("{{ x = {}; x.a = x; x | yaml }}")]
    [InlineData("{{ x = {}; x.a = x; x | sh }}")]
    [InlineData("{{ x = {}; x.a = x; x | uri }}")]
    [InlineData("{{ x = {}; x.a = x; x | dnsmasq }}")]
    [InlineData("{{ x = {}; x.a = x; x | data_url }}")]
    [InlineData("{{ x = {}; x.a = x; x | object.format \"\" }}")]
    [InlineData("{{ x = {}; x.a = x; x | math.format \"\" }}")]
    [InlineData("{{ x = {}; x.a = x; x | math.abs }}")]
    [InlineData("{{ x = {}; x.a = x; x | math.plus x }}")]
    [InlineData("{{ x = {}; x.a = x; [1] | array.each x }}")]
    [InlineData("{{ x = {a: 1}; with x; b = x; end; x | math.abs }}")]
    [InlineData("{{ x = {a: 1}; y = {q: x}; with x; import y; end; x | math.abs }}")]
    [InlineData("{{ this.a = this; this | math.abs }}")]
    [InlineData("{{ x = [1]; for i in 1..9000; x = [x]; end; x | math.abs }}")]
    [InlineData("{{ x = [1]; x[0] = x; x | json }}")]
    [InlineData("{{ x = [1]; x[0] = x; x | object.format \"\" }}")]
    [InlineData("{{ x = [1]; x[0] = x; x }}")]
    [InlineData("{{ x = {}; x.a = x; x == x; x | string.size }}")]
    [InlineData("{{ x = [1]; for i in 1..60; x = [x, x]; end; x | json }}")]
    [InlineData("{{ x = [1]; for i in 1..300; x = [x]; end; x | json }}")]
    public void What_contains_itself_is_an_error_of_the_template(string template) => Assert.Contains("test.sh", Assert.Throws<TemplateException>(() => Render(template)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{{ v.list | sh }}")]
    [InlineData("{{ v | uri }}")]
    public void A_list_or_a_map_is_no_text(string template) => Assert.Contains("json", Assert.Throws<TemplateException>(() => Render(template)).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Render(string template)
    {
        File.WriteAllText(Path.Combine(_directory, "test.sh"), template);
        return new TemplateRenderer(TestTemplates.Library(_directory)).Render(
            "test.sh", new TemplateVariables().Set("v", TemplateVariables.From((YamlMap)YamlLoader.Load(Variables)!)));
    }
}
