using Mayu.Core.Provisioning;

namespace Mayu.Core.Tests.Provisioning;

public sealed class TemplateMessageTests
{
    private const string Default = "or print it with default: {{ vars.";

    // The whole name, what was probably meant, and what to do.
    [Theory]
    [InlineData("{{ vars.root_pasword }}", "column 9: there is no `vars.root_pasword`; did you mean `vars.root_password`? If not, set vars.root_pasword in the configuration, " + Default + "root_pasword | default \"…\" }}")]
    [InlineData("{{ vars.disk }}", "column 9: there is no `vars.disk`: set vars.disk in the configuration, " + Default + "disk | default \"…\" }}")]
    [InlineData("{{ vars.talos.token | yaml }}", "there is no `vars.talos`: set vars.talos in the configuration")]
    [InlineData("{{ vars.map.other }}", "there is no `vars.map.other`: set vars.map.other in the configuration")]
    [InlineData("{{ vars.nul }}", "column 9: `vars.nul` is null: give it a value, " + Default + "nul | default \"…\" }}")]
    [InlineData("{{ vars.nul.x }}", "`vars.nul` is null")]
    [InlineData("{{ machine.serail }}", "column 12: there is no `machine.serail`; did you mean `machine.serial`?")]
    [InlineData("{{ machine.nonsense }}", "there is no `machine.nonsense`: templates.md lists all variables")]
    [InlineData("{{ mashine.serial }}", "column 4: there is no variable or function `mashine`; did you mean `machine`?")]
    [InlineData("{{ nonsense }}", "there is no variable or function `nonsense`: templates.md lists all variables and functions")]
    [InlineData("{{ machine.serial | yml }}", "column 21: there is no function `yml`; did you mean `yaml`?")]
    [InlineData("{{ machine.serial | string.upcas }}", "there is no `string.upcas`; did you mean `string.upcase`?")]
    [InlineData("{{ machine.serial | string.nonsense }}", "there is no `string.nonsense`: templates.md lists the functions")]
    [InlineData("{{ machine.serial | toYaml }}", "there is no function `toYaml`: write yaml")]
    [InlineData("{{ machine.serial | b64enc }}", "there is no function `b64enc`: write base64")]
    [InlineData("{{ date.now }}", "column 4: there is no variable or function `date`: templates have no clock")]
    [InlineData("{{ vars.map | object.to_json }}", "there is no `object.to_json`: write json")]
    [InlineData("{{ math.random 1 6 }}", "there is no `math.random`: templates have no random numbers")]
    [InlineData("{{ .machine.serial }}", "column 4: `.` is not expected here: a variable has no dot before it: {{ machine.serial }}")]
    [InlineData("{{- if .Values.x }}a{{ end }}", ": a variable has no dot before it: {{ machine.serial }}")]
    [InlineData("{{ machine.serial | .x }}", ": a variable has no dot before it: {{ machine.serial }}")]
    [InlineData("{{ range .vars }}", "there is no variable or function `range`: write {{ for x in LIST }} … {{ end }}")]
    [InlineData("{{ $x := 1 }}", ": a variable is set without $ and colon: {{ x = 1 }}")]
    public void A_misspelt_name_is_told_with_what_to_do(string template, string expected) => Check(template, expected);

    [Theory]
    [InlineData("{{ network.subnet | cidr_host -1 }}", "column 30: `cidr_host` takes one argument behind the value: {{ VALUE | cidr_host NUMBER }}; put a negative number in brackets: cidr_host (-1)")]
    [InlineData("{{ network.subnet | cidr_host -1 | json }}", "put a negative number in brackets: cidr_host (-1)")]
    [InlineData("{{ network.subnet | cidr_host }}", "`cidr_host` takes one argument behind the value: {{ VALUE | cidr_host NUMBER }}")]
    [InlineData("{{ network.subnet | cidr_netmask 1 2 }}", "`cidr_netmask` takes no arguments behind the value: {{ VALUE | cidr_netmask }}")]
    [InlineData("{{ machine.serial | crypt_password }}", "`crypt_password` takes 1 to 2 arguments behind the value: {{ VALUE | crypt_password SALT [ROUNDS] }}")]
    [InlineData("{{ machine.serial | string.upcase 1 2 }}", "`string.upcase` takes no arguments behind the value: {{ VALUE | string.upcase }}")]
    [InlineData("{{ machine.serial | string.slice }}", "`string.slice` takes 1 to 2 arguments behind the value: {{ VALUE | string.slice START [LENGTH] }}")]
    [InlineData("{{ machine.serial | indent -2 }}", "put a negative number in brackets: indent (-1)")]
    [InlineData("{{ file }}", "`file` takes one argument: {{ file PATH }}")]
    [InlineData("{{ 5 | math.round 50 }}", "`math.round 50` has a number that is out of range")]
    [InlineData("{{ for x in vars.num; end }}", "column 13: `vars.num` is a number: only a list can be looped over")]
    [InlineData("{{ [1, 2] 3 }}", "calls what is not a function")]
    [InlineData("{{ html.strip (\"<\" * 1000000) }}", "takes too long for this text")]
    public void A_call_that_does_not_fit_is_told_as_its_writer_sees_it(string template, string expected) => Check(template, expected);

    [Theory]
    [InlineData("a\nb\n{{ # keys\n# users\n# - root", 3, 1)]
    [InlineData("a\n{{ y = 1\nusers = []\n", 2, 1)]
    [InlineData("inline: {{ machine.serial ", 1, 9)]
    [InlineData("a {{ x = 1\ny = 2\n", 1, 3)]
    [InlineData("hostname {{ machine.serial\ndisk sda", 1, 10)]
    [InlineData("{{ x }} {{~ if true ~}}a{{- end", 1, 25)]
    [InlineData("a {{ {a: 1", 1, 3)]
    public void Code_that_is_not_closed_is_an_error(string template, int line, int column) => Check(template, $"line {line}, column {column}: `{{{{` is not closed: write }}}} where the code ends");

    [Fact]
    public void Raw_text_that_is_not_closed_is_an_error() => Check("a\n{%{ {{ x }}", "line 2, column 1: `{%{` is not closed: write }%}");

    [Theory]
    [InlineData("{{ \"abc }}\n", "a string not terminated")]
    [InlineData("a }} b {{ 1 }}", "a }} b 1")]
    [InlineData("{{ # a }}b", "b")]
    [InlineData("{%{ {{ }%}{{ 1 }}", " {{ 1")]
    [InlineData("{{ \"}}\" | sh }}", "'}}'")]
    public void What_is_closed_stays_what_it_was(string template, string expected)
    {
        try
        {
            Assert.Equal(expected, Render(template));
        }
        catch (TemplateException e)
        {
            Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        }
    }

    private static void Check(string template, string expected) => Assert.Contains(expected, Assert.Throws<TemplateException>(() => Render(template)).Message, StringComparison.Ordinal);

    private static string Render(string template) => new TemplateRenderer(new TemplateLibrary()).Render(new TemplateText("t", template), new TemplateVariables()
        .Set("machine", new TemplateVariables().Set("serial", "s1"))
        .Set("network", new TemplateVariables().Set("subnet", "10.0.0.0/24"))
        .Set("vars", new TemplateVariables().Set("root_password", "x").Set("nul", (string?)null).Set("num", 42).Set("map", new TemplateVariables().Set("a", 1))));
}
