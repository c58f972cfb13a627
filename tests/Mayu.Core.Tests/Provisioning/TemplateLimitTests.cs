using Mayu.Core.Provisioning;

namespace Mayu.Core.Tests.Provisioning;

public sealed class TemplateLimitTests
{
    private const string Endless = "{{ x = \"a\" * 400000; for a in 1..9999; y = x | sha256; end }}";

    // The clock goes on by a second each time that somebody looks.
    [Theory]
    [InlineData("{{ for a in 1..100; for b in 1..50; x = a; end; end }}{{ for a in 1..100; for b in 1..50; x = a; end; end }}", "line 1, column")]
    [InlineData("\n{{ x = 0; while true; x = x + 1; end }}", "line 2, column")]
    [InlineData("{{ func f; for a in 1..9; x = a + 1; end; end; for b in 1..1000; f; end }}", "line 1, column")]
    [InlineData("{{ x = 1..9000; y = x; z = x; w = z }}", "line 1, column")]
    [InlineData("{{ x = \"a\" * 1000000; y = x; z = x }}", "line 1, column")]
    [InlineData("{{ for a in 1..6; \"a\" | regex.match \"b\"; end }}", "line 1, column")]
    [InlineData("{{ for a in 1..5; x = \"a\" | crypt_password \"salt\"; end }}", "line 1, column")]
    [InlineData("{{ x = \"a\" | crypt_password \"salt\" 21000 }}", "line 1, column")]
    public void A_rendering_that_takes_longer_than_a_second_is_ended(string template, string place)
    {
        var error = Assert.Throws<TemplateException>(() => Render(template, new RunningClock()));
        Assert.Contains("rendering takes longer than the second that is allowed", error.Message, StringComparison.Ordinal);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    // A busy host makes a small template slow: that is no reason to refuse it.
    [Theory]
    [InlineData("{{ for a in 1..1000; x = a + 1; end; x }}", "1001")]
    [InlineData("{{ x = \"a\" * 100000; x | string.size }}", "100000")]
    [InlineData("{{ for a in 1..3; x = \"a\" | regex.replace \"a\" \"b\"; end; x }}", "b")]
    [InlineData("{{ x = \"a\" | crypt_password \"salt\" 10000; 1 }}", "1")]
    public void A_rendering_that_does_little_is_never_ended(string template, string expected) => Assert.Equal(expected, Render(template, new RunningClock()));

    [Fact]
    public async Task Endless_templates_do_no_harm_to_others()
    {
        var library = new TemplateRenderer(new TemplateLibrary());
        var endless = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => Task.Run(
            () => Assert.Throws<TemplateException>(() => library.Render(new TemplateText("endless", Endless), new TemplateVariables())), TestContext.Current.CancellationToken)).ToArray();
        var others = Enumerable.Range(0, 50).Select(n => Task.Run(
            () => library.Render(new TemplateText("other", "{{ for a in 1..3 }}{{ n }} {{ end }}"), new TemplateVariables().Set("n", n)), TestContext.Current.CancellationToken)).ToArray();

        Assert.Equal(Enumerable.Range(0, 50).Select(n => $"{n} {n} {n} "), await Task.WhenAll(others));
        Assert.All(await Task.WhenAll(endless), error => Assert.Contains("longer than the second", error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{{ (\"a\" * 40) + \"!\" | regex.match \"^(a+)+$\" }}", "line 1, column 23: the regular expression takes too long for this text")]
    [InlineData("{{ \"a\" | regex.match (\"a\" * 1001) }}", "a regular expression has at most 1000 characters")]
    [InlineData("{{ \"a\" | regex.replace (\"(\" * 1000) \"x\" }}", "this is not a regular expression")]
    [InlineData("{{ x = \"abcdefgh\"; for a in 1..40; x = x + x; end }}", "")]
    [InlineData("{{ x = \"abcdefgh\"; for a in 1..40; x = x | string.replace \"a\" \"abcdefgha\"; end }}", "")]
    [InlineData("{{ x = \"abcdefgh\"; for a in 1..80; x = x | base64; end }}", "the text becomes longer than the 4194304 characters")]
    [InlineData("{{ x = \"abcdefgh\"; for a in 1..80; x = x | sh; x = (x | json) + (x | json); end }}", "")]
    [InlineData("{{ x = \"a\" * 4000000; [x, x] | join \"\" }}", "the text becomes longer than the 4194304 characters")]
    [InlineData("{{ x = \"a\" * 4000000; [x, x] | json }}", "the text becomes longer than the 4194304 characters")]
    [InlineData("{{ x = \"\\n\" * 4000000; x | indent 64 | string.size }}", "the text becomes longer than the 4194304 characters")]
    [InlineData("{{ \"x\" | string.pad_left 2000000000 }}", "")]
    [InlineData("{{ math.format 1.5 \"F999999999\" }}", "")]
    [InlineData("{{ 1 << 2000000000 }}", "")]
    [InlineData("{{ x = 3; for i in 1..40; x = x * x; end }}", "")]
    [InlineData("{{ \"x\" * 2000000000 }}", "")]
    [InlineData("{{ [1] * 2000000000 }}", "")]
    [InlineData("{{ [1] | array.insert_at 2000000000 1 }}", "")]
    [InlineData("{{ a = []; a[2000000000] = 1 }}", "")]
    [InlineData("{{ 1..2000000000 | array.size }}", "")]
    [InlineData("{{ (\"a,\" * 2000000) | string.split \",\" | array.size }}", "this list has more than 100000 values")]
    public void No_step_takes_more_than_is_allowed(string template, string expected) =>
        Assert.Contains(expected, Assert.Throws<TemplateException>(() => Render(template)).Message, StringComparison.Ordinal);

    // The clock stands: what ends them is not the time, and they end before they have filled the memory.
    [Theory]
    [InlineData("{{ x = \"a\" * 4000000; y = x | regex.matches \"a\"; y | array.size }}", "line 1, column 31: the regular expression matches too often: a list has at most 100000 values")]
    [InlineData("{{ x = \"a\" * 300000; y = x | regex.matches \"((((((((((((((((((((a))))))))))))))))))))\" }}", "the regular expression matches too often")]
    [InlineData("{{ x = (2 << 1000000); x | json }}", "line 1, column 9: a number has at most 100 digits")]
    [InlineData("{{ x = 2 << 1000000; x *= x; x }}", "a number has at most 100 digits")]
    [InlineData("{{ x = 3; for i in 1..40; x *= x; end }}", "a number has at most 100 digits")]
    [InlineData("{{ 0 - (1 << 400) }}", "a number has at most 100 digits")]
    [InlineData("a\n{{ NINES }}", "line 2, column 4: a number has at most 100 digits")]
    [InlineData("a\n{{ 0xNINES }}", "line 2, column 4: a number has at most 100 digits")]
    [InlineData("a\n{{ 0.NINES }}", "line 2, column 4: a number has at most 100 digits")]
    [InlineData("{{ x = [1]; x *= 50000000 }}", "line 1, column 13: `x*=50000000`")]
    [InlineData("{{ x = [1] * 50000000 }}", "line 1, column 12: `[1]*50000000`")]
    public void What_would_fill_the_memory_ends_before(string template, string expected)
    {
        template = template.Replace("NINES", new string('9', 900_000), StringComparison.Ordinal);
        Render("{{ x = \"a\" | regex.matches \"a\" }}", new RunningClock(0));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(expected, Assert.Throws<TemplateException>(() => Render(template, new RunningClock(0))).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128L * 1024 * 1024);
    }

    // The clock goes on by a second each time that somebody looks.
    [Fact]
    public void Matches_are_counted_as_work_while_they_are_found() => Assert.Contains(
        "rendering takes longer than the second", Assert.Throws<TemplateException>(() => Render("{{ x = \"a\" * 30000; y = x | regex.matches \"a\" }}", new RunningClock())).Message, StringComparison.Ordinal);

    [Fact]
    public void A_number_has_a_hundred_digits()
    {
        var number = new string('9', 100);
        Assert.Equal(number, Render($"{{{{ {number} | json }}}}"));
        Assert.Contains("at most 100 digits", Assert.Throws<TemplateException>(() => Render($"{{{{ {number}0 | json }}}}")).Message, StringComparison.Ordinal);
        Assert.Equal($"{number}0", Render($"{number}0"));
    }

    [Theory]
    [InlineData("{{ \"a1 B2\" | regex.matches \"([a-z])([0-9])\" | json }}", "[[\"a1\",\"a\",\"1\"]]")]
    [InlineData("{{ \"a1 B2\" | regex.matches \"([a-z])([0-9])\" \"i\" | json }}", "[[\"a1\",\"a\",\"1\"],[\"B2\",\"B\",\"2\"]]")]
    [InlineData("{{ \"a\\nb\" | regex.matches \"^ . $\" \"mx\" | json }}", "[[\"a\"],[\"b\"]]")]
    [InlineData("{{ \"a\\nb\" | regex.matches \"a.b\" \"s\" | json }}", "[[\"a\\nb\"]]")]
    [InlineData("{{ \"a\" | regex.matches \"b\" | json }}", "[]")]
    public void Matches_are_lists_of_groups(string template, string expected) => Assert.Equal(expected, Render(template));

    // The time is not what ends it: the clock stands.
    [Fact]
    public void A_rendering_keeps_no_more_text_in_memory_than_is_allowed() => Assert.Contains(
        "line 1, column 62: it makes more than the 67108864 characters of text that are allowed while it is rendered",
        Assert.Throws<TemplateException>(() => Render("{{ s = \"a\" * 1000000; x = {}; for a in 0..1000; x[\"k\" + a] = s + \"b\"; end }}", new RunningClock(0))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_text_has_four_mebi_characters_and_no_more()
    {
        Assert.Equal(4 * 1024 * 1024, Render("{{ x = \"a\" * 1048576; for i in 1..4; x; end }}").Length);
        Assert.Throws<TemplateException>(() => Render("{{ x = \"a\" * 1048576; for i in 1..4; x; end }}b"));
        Assert.Equal("4194304", Render("{{ [\"a\" * 4194303, \"b\"] | join \"\" | string.size }}"));
        Assert.Equal("4194304", Render("{{ (\"a\" * 4194303) | indent 1 | string.size }}"));
        Assert.Throws<TemplateException>(() => Render("{{ (\"a\" * 4194304) | indent 1 }}"));
        Assert.Equal("4000000", Render("{{ (\"a\" * 3999999) + \" b\" | regex.replace \" \" \"\" | string.size }}"));
    }

    [Theory]
    [InlineData("{{ func f; x = $0; x > 0 ? (f (x - 1)) : 7; end; f 9 }}", true)]
    [InlineData("{{ func f; x = $0; x > 0 ? (f (x - 1)) : 7; end; f 20 }}", false)]
    public void A_function_calls_itself_twenty_times_and_no_more(string template, bool isTaken)
    {
        if (isTaken)
        {
            Assert.Equal("7", Render(template));
        }
        else
        {
            Assert.Contains("functions or snippets call one another more than 20 deep", Assert.Throws<TemplateException>(() => Render(template)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{{ ", "(", "1", ")", " }}")]
    [InlineData("{{ ", "1+", "1", "", " }}")]
    [InlineData("{{ ", "!", "true", "", " }}")]
    [InlineData("{{ 1", "|math.abs", "", "", " }}")]
    [InlineData("", "{{if true}}", "x", "{{end}}", "")]
    public void A_template_is_nested_as_deep_as_the_stack_allows_and_no_deeper(string before, string open, string between, string close, string after) =>
        Assert.Contains("line 1, column", Assert.Throws<TemplateException>(() => Render(
            before + string.Concat(Enumerable.Repeat(open, 30_000)) + between + string.Concat(Enumerable.Repeat(close, 30_000)) + after)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_snippet_that_includes_itself_is_an_error()
    {
        var folder = Directory.CreateTempSubdirectory("mayu-templates-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "self.txt"), "a{{ include \"self.txt\" }}");
            Assert.Contains("self.txt, line 1, column", Assert.Throws<TemplateException>(
                () => new TemplateRenderer(TestTemplates.Library(folder)).Render("self.txt", new TemplateVariables())).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Render(string template, TimeProvider? time = null) =>
        new TemplateRenderer(new TemplateLibrary(), time).Render(new TemplateText("test", template), new TemplateVariables());

    private sealed class RunningClock(int step = 1) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _now += step;
    }
}
