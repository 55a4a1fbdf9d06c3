internal import CLinux

/// How many bytes a page of memory has. See sysconf(3).
public var pageSize: Int { sysconf(CInt(_SC_PAGESIZE)) }
