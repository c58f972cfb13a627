using System.Text.RegularExpressions;
using Mayu.Primitives;

namespace Mayu.Core.Ignition.Checks;

/// <summary>Users and groups. Ignition hands most of this to useradd, which fails while the machine is installed.</summary>
internal static partial class PasswdChecks
{
    private const int LongestName = 32; // useradd(8)

    /// <summary>Checks all of them.</summary>
    public static void Check(ConfigObject? passwd, Checker checker)
    {
        foreach (var user in passwd?.Objects("users") ?? [])
        {
            CheckNamed(user, "user", checker);
            Paths.CheckIfAny(user, "homeDir", checker);
            foreach (var key in user.Texts("sshAuthorizedKeys").Where(key => !SshPublicKey.IsOne(key.Text)))
            {
                checker.Fault(key, "it is no line of authorized_keys (sshd(8)), so nobody could log in with it: write the whole line of the .pub file");
            }
        }

        foreach (var group in passwd?.Objects("groups") ?? [])
        {
            CheckNamed(group, "group", checker);
        }
    }

    private static void CheckNamed(ConfigObject named, string what, Checker checker)
    {
        if (named["name"] is not ConfigBroken && !(named.Text("name") is { Length: <= LongestName } name && Name().IsMatch(name)))
        {
            checker.Fault(named, "name", $"a {what}'s name has 1 to {LongestName} letters, digits and ._- and begins with a letter, a digit or _");
        }

        if (named.Text("passwordHash") is { } hash && !Hash().IsMatch(hash))
        {
            checker.Fault(named, "passwordHash", "it is no hash of crypt(5), which begins with $6$ or $y$: make one with mkpasswd --method=yescrypt, or write * for no password");
        }
    }

    // POSIX.1-2017 §3.437, and the $ at the end of the names of Samba's machines.
    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._\-]*\$?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    // crypt(5): a prefix, parameters and salt, the hash. ! before it locks the account.
    [GeneratedRegex(@"\A(|[*!x]|!!|!?\$[0-9a-z][0-9a-z\-]{0,15}\$[./0-9A-Za-z$=,+\-_]{8,}|!?[./0-9A-Za-z]{13})\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hash();
}
