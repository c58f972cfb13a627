using Mayu.Core.Boot;
using Mayu.Server.BootScripts;
using Mayu.Server.Configuration;
using Mayu.Server.Tests.BootScripts;

namespace Mayu.Server.Tests.Configuration;

/// <summary>What of <c>kernel_arguments</c> reaches the kernel by every loader as it is written; the rest is refused, with the loader that would change it.</summary>
public sealed class KernelArgumentsTests : IDisposable
{
    private const int KernelLine = 2047;

    /// <summary>Words with all that some loader's language has a meaning for, in a place where it has none.</summary>
    public static readonly string[] Odd =
        ["odd.a=x#y", "odd.b=c||d&&e;f", "odd.c=|", "odd.d=$PATH", "odd.e={f}(g)[h]<i>*?", "odd.f=`j`~!%^&", "-k", "--", "odd.l=m,n:o@p"];

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Words_that_every_loader_hands_on_unchanged_are_taken() => Assert.Equal(Odd, Bind(Odd).Arguments);

    [Fact]
    public void A_limit_of_memory_is_a_word_of_its_own() => Assert.Empty(Bind(["mem=4G", "memmap=1G$1G", "iomem=relaxed", "hugemem="]).Problems);

    [Fact]
    public void Every_language_has_each_word_as_it_is_and_grub_in_single_quotes()
    {
        var script = BootScriptTexts.Script(BootAnswerKind.Discover, "lab-0001", Odd);

        Assert.Contains($" {string.Join(' ', Odd)} || goto failed\n", IpxeScript.Render(script, efi: false), StringComparison.Ordinal);
        Assert.EndsWith($" {string.Join(' ', Odd)}\n", PxelinuxConfig.Render(script), StringComparison.Ordinal);
        Assert.Contains($" {string.Join(' ', Odd.Select(word => $"'{word}'"))}; then\n", GrubConfig.Render(script, "10.0.0.1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("a b", "it contains a space; write each argument as a separate entry")]
    [InlineData("a\tb", "it contains a space")]
    [InlineData("a\nb", "it contains a space")]
    [InlineData("a\u0001", "it has characters that are not printable ASCII")]
    [InlineData("grün", "it has characters that are not printable ASCII")]
    [InlineData("#a", "iPXE treats a word that begins with # as a comment")]
    [InlineData("||", "iPXE treats the word || as the end of its command")]
    [InlineData("&&", "iPXE treats the word && as the end of its command")]
    [InlineData(";", "iPXE treats the word ; as the end of its command")]
    [InlineData("a=${net0/ip}", "iPXE and U-Boot expand a variable at ${")]
    [InlineData("a=$(b)", "U-Boot expands a variable at $(")]
    [InlineData("a=\"b\"", "GRUB adds backslashes before quotes and backslashes")]
    [InlineData("a='b'", "GRUB adds backslashes before quotes and backslashes")]
    [InlineData(@"a=\b", "GRUB adds backslashes before quotes and backslashes")]
    // Debian 12's iPXE (2019) said 0x2a818006, no buffer space, and went no further.
    [InlineData("lowmem=2", "iPXE before 2023 takes mem= inside a word as the machine's memory size")]
    [InlineData("initrd=other", "PXELINUX and the EFI kernel would load a file of that name")]
    [InlineData("x.initrd=other", "PXELINUX and the EFI kernel would load a file of that name")]
    public void A_word_that_some_loader_would_change_is_refused_with_the_reason(string word, string reason)
    {
        var problem = Assert.Single(Bind([word]).Problems);

        Assert.StartsWith($"{_file}:1: kernel_arguments: ", problem, StringComparison.Ordinal);
        Assert.Contains($"is not allowed on a kernel line: {reason}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_and_all_of_them_together_have_a_limit_which_is_told()
    {
        var word = new string('x', KernelArguments.LongestWord);
        string[] full = [word, word, word, new string('x', KernelArguments.LongestLine - (3 * (KernelArguments.LongestWord + 1)))];

        Assert.Empty(Bind(full).Problems);
        Assert.Contains("they have 1001 characters including spaces; at most 1000 are allowed", Assert.Single(Bind([.. full[..3], full[3] + "x"]).Problems), StringComparison.Ordinal);
        Assert.Contains("it has 257 characters; at most 256 are allowed", Assert.Single(Bind([word + "x"]).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_list_fits_on_the_kernel_line_of_a_live_machine_with_the_longest_serial()
    {
        var serial = new string('s', 128);
        var script = BootScriptTexts.Script(BootAnswerKind.Live, serial, new string('x', KernelArguments.LongestLine)) with { BootUrl = "http://255.255.255.255:65535" };

        var ipxe = IpxeScript.Render(script, efi: true).Split('\n').Single(line => line.StartsWith("kernel ", StringComparison.Ordinal)).Split(' ', 3)[2].Replace(" || goto failed", "", StringComparison.Ordinal);
        // PXELINUX and GRUB put the kernel's name before it, PXELINUX the MAC behind it.
        var pxelinux = PxelinuxConfig.Render(script).Split('\n').Single(line => line.StartsWith("  APPEND ", StringComparison.Ordinal))[9..];
        var added = $"BOOT_IMAGE=(http,255.255.255.255:65535)/images/{serial}/vmlinuz  BOOTIF=01-52-54-00-ab-0c-01".Length;

        Assert.InRange(ipxe.Length, 0, KernelLine);
        Assert.InRange(pxelinux.Length + added, 0, KernelLine);
    }

    private (IReadOnlyList<string> Arguments, List<string> Problems) Bind(string[] words)
    {
        File.WriteAllText(_file, $"kernel_arguments: {System.Text.Json.JsonSerializer.Serialize(words)}\n");
        var reader = ConfigurationReader.Open(_file, OutsideValues.None);
        var arguments = KernelArguments.Bind(reader.Root);
        return (arguments, [.. reader.Problems.Select(problem => problem.ToString())]);
    }
}
