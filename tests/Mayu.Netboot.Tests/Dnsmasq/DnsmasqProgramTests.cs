using Mayu.Netboot.Dnsmasq;

namespace Mayu.Netboot.Tests.Dnsmasq;

public class DnsmasqProgramTests
{
    [Theory]
    [InlineData("/nowhere/dnsmasq")]
    [InlineData("no-such-program-77")]
    public void A_program_that_is_not_there_is_named_with_the_package_that_has_it(string program)
    {
        Assert.False(DnsmasqProgram.TryFind(Settings(program), out var found, out var problem));
        Assert.Null(found);
        Assert.Equal($"engine dnsmasq: there is no program {program}. Install Debian's package dnsmasq-base, or set dnsmasq.program to its path", problem);
    }

    [Theory]
    [InlineData("/bin/sh")]
    [InlineData("sh")]
    public void A_program_is_found_by_its_path_or_where_the_system_keeps_its_programs(string program)
    {
        Assert.True(DnsmasqProgram.TryFind(Settings(program), out var found, out var problem));
        Assert.Null(problem);
        // Who is not root cannot become somebody else.
        Assert.Equal(Environment.IsPrivilegedProcess, found.User is not null);
    }

    [Theory]
    [InlineData("no-such-user-77", "engine dnsmasq: there is no user no-such-user-77; set dnsmasq.user to an existing user")]
    [InlineData("root", "engine dnsmasq: dnsmasq must not run as root; set dnsmasq.user to an unprivileged user")]
    public void Root_runs_it_as_a_user_that_there_is_and_who_may_not_do_everything(string user, string refusal)
    {
        Assert.Equal(!Environment.IsPrivilegedProcess, DnsmasqProgram.TryFind(Settings("/bin/sh") with { User = user }, out _, out var problem));
        Assert.Equal(Environment.IsPrivilegedProcess ? refusal : null, problem);
    }

    [Fact]
    public void A_configuration_that_it_takes_has_nothing_wrong()
    {
        using var fake = new FakeDnsmasq("[ \"$1 $2\" = '--test --conf-file=/some/file' ] || exit 1\n");

        Assert.Null(Found(fake).Check("/some/file"));
    }

    [Fact]
    public void A_configuration_that_it_refuses_is_told_with_the_line_that_is_wrong()
    {
        using var fake = new FakeDnsmasq("echo \"dnsmasq: bad option at line 2 of ${2#--conf-file=}\" >&2\nexit 1\n");
        var file = Path.Combine(fake.Folder, "dnsmasq.conf");
        File.WriteAllText(file, "port=0\nnonsense=7\nbind-dynamic\n");

        Assert.Equal("line 2: bad option: nonsense=7", Found(fake).Check(file));
    }

    [Fact]
    public void A_line_behind_the_end_of_the_file_is_told_by_its_number()
    {
        using var fake = new FakeDnsmasq("echo \"dnsmasq: bad option at line 9 of ${2#--conf-file=}\" >&2\nexit 1\n");
        var file = Path.Combine(fake.Folder, "dnsmasq.conf");
        File.WriteAllText(file, "port=0\n");

        Assert.Equal("line 9: bad option: ", Found(fake).Check(file));
    }

    [Fact]
    public void What_it_says_otherwise_is_told_as_it_is()
    {
        using var fake = new FakeDnsmasq("echo out\necho 'cannot do that' >&2\nexit 3\n");

        Assert.Equal("cannot do that\nout", Found(fake).Check("/some/file"));
    }

    private static DnsmasqProgram Found(FakeDnsmasq fake)
    {
        Assert.True(DnsmasqProgram.TryFind(Settings(fake.Path), out var program, out _));
        return program;
    }

    private static DnsmasqSettings Settings(string program) => new() { Program = program, User = "nobody", Folder = "/nowhere" };
}
